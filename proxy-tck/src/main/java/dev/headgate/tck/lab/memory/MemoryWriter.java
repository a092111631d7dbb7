package dev.headgate.tck.lab.memory;

import dev.headgate.tck.lab.BodyWriter;
import dev.headgate.tck.lab.BrokenConnectionError;
import dev.headgate.tck.lab.Payload;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.OutgoingBody;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Writes an {@link OutgoingBody}. */
final class MemoryWriter implements BodyWriter {
  private static final int PIECE_BYTES = 4 * 1024;

  private final MemoryEngine engine;
  private final OutgoingBody body;
  private final String who;
  private long written;

  MemoryWriter(MemoryEngine engine, OutgoingBody body, String who) {
    this.engine = engine;
    this.body = body;
    this.who = who;
  }

  @Override
  public void send(byte[] bytes) {
    written += bytes.length;
    body.send(bytes);
    body.awaitSent();
    requireWritten("send " + bytes.length + " bytes");
  }

  @Override
  public long sendUntilStalled(long maxBytes) {
    Pieces pieces = new Pieces(maxBytes);
    body.sendAll(pieces);
    engine.awaitIdle();
    pieces.stopped = true;
    if (body.failure() != null) {
      throw new BrokenConnectionError(who, "send until it stalls", body.failure());
    }
    written += pieces.offset;
    return pieces.offset;
  }

  @Override
  public void end(String... trailers) {
    if (body.failure() != null) throw new BrokenConnectionError(who, "end", body.failure());
    if (trailers.length > 0) {
      body.endWithTrailers(trailers);
    } else {
      body.end();
    }
    body.awaitSent();
    requireWritten("end");
  }

  private void requireWritten(String what) {
    if (body.sentBytes() < written) throw new BrokenConnectionError(who, what, body.failure());
  }

  /** A payload in pieces, until there is enough of it or it is stopped. */
  private static final class Pieces implements Iterator<ByteBuffer> {
    private final long max;
    volatile long offset;
    volatile boolean stopped;

    Pieces(long max) {
      this.max = max;
    }

    @Override
    public boolean hasNext() {
      return !stopped && offset < max;
    }

    // Only one thread at a time asks, with the engine's lock.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    @Override
    public ByteBuffer next() {
      if (!hasNext()) throw new NoSuchElementException();
      int size = (int) Math.min(PIECE_BYTES, max - offset);
      ByteBuffer piece = ByteBuffer.wrap(Payload.of(offset, size));
      offset += size;
      return piece;
    }
  }
}
