package dev.headgate.core.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a reader got out of a source, as the contract of sources wants it read. */
public final class Reading {
  private final byte[] bytes;
  private final @Nullable Throwable failure;
  private final int contents;

  private Reading(byte[] bytes, @Nullable Throwable failure, int contents) {
    this.bytes = bytes;
    this.failure = failure;
    this.contents = contents;
  }

  public byte[] bytes() {
    return bytes;
  }

  public @Nullable Throwable failure() {
    return failure;
  }

  int contents() {
    return contents;
  }

  /** Reads to the end of a source that answers each demand at once. */
  public static Reading all(BodySource source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int contents = 0;
    while (true) {
      Content content = source.read();
      if (content == null) {
        AtomicInteger calls = new AtomicInteger();
        source.demand(calls::incrementAndGet);
        assertEquals(1, calls.get(), "calls for one demand");
        content = source.read();
        assertNotNull(content, "called although there is nothing to read");
      }
      contents++;
      assertTrue(content.size() <= 16 * 1024, "content of " + content.size());
      bytes.writeBytes(take(content.buffer()));
      boolean last = content.last();
      Throwable failure = content.failure();
      content.release();
      if (last) {
        return new Reading(bytes.toByteArray(), failure, contents);
      }
    }
  }

  static byte[] take(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
