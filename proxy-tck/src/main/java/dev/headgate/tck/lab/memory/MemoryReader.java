package dev.headgate.tck.lab.memory;

import dev.headgate.api.http.Headers;
import dev.headgate.tck.lab.BodyReader;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.memory.BodyEnding;
import dev.headgate.tck.memory.IncomingBody;
import dev.headgate.tck.memory.MemoryEngine;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads an {@link IncomingBody} that was paused at its beginning. */
final class MemoryReader implements BodyReader {
  private final MemoryEngine engine;
  private final IncomingBody body;
  private final String who;
  private int position;

  MemoryReader(MemoryEngine engine, IncomingBody body, String who) {
    this.engine = engine;
    this.body = body;
    this.who = who;
  }

  @Override
  public byte[] read(int bytes) {
    if (bytes == 0) return new byte[0];
    body.allow(bytes);
    await(position + (long) bytes);
    return taken(position + bytes);
  }

  @Override
  public byte[] readSome() {
    // The first byte is waited for; what is at hand behind it is taken in the same step.
    body.allow(1);
    body.awaitBytesOrEnd(position + 1L);
    if (body.receivedBytes() <= position) {
      if (body.ending() != BodyEnding.CLEAN) throw broken("read");
      return new byte[0];
    }
    engine.together(
        () -> {
          body.allow(MemoryEngine.MAX_CONTENT_BYTES);
          body.allow(0);
        });
    return taken((int) body.receivedBytes());
  }

  @Override
  public byte[] readAll() {
    finish();
    return taken((int) body.receivedBytes());
  }

  @Override
  public long drain() {
    finish();
    long count = body.receivedBytes() - position;
    position = (int) Math.min(Integer.MAX_VALUE, body.receivedBytes());
    return count;
  }

  private void finish() {
    if (ending() != Ending.CLEAN) throw broken("read the rest of the body");
  }

  @Override
  public Ending ending() {
    body.resume();
    return body.awaitEnd() == BodyEnding.CLEAN ? Ending.CLEAN : Ending.UNCLEAN;
  }

  @Override
  public @Nullable Headers trailers() {
    return body.trailers();
  }

  private void await(long count) {
    body.awaitBytesOrEnd(count);
    if (body.receivedBytes() >= count) return;
    if (body.ending() == BodyEnding.UNCLEAN) throw broken("read " + (count - position) + " bytes");
    throw new AssertionError(
        who + ": the body ended after " + body.receivedBytes() + " of " + count + " bytes");
  }

  private byte[] taken(int end) {
    byte[] bytes = Arrays.copyOfRange(body.bytes(), position, end);
    position = end;
    return bytes;
  }

  private BrokenConnectionError broken(String what) {
    return new BrokenConnectionError(who, what, body.failure());
  }
}
