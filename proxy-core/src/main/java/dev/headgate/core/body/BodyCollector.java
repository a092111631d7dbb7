package dev.headgate.core.body;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Collects a body up to a limit, for a plugin that asked for it. */
public final class BodyCollector {
  /** Told how the collecting ended: exactly one call. */
  public interface Result {
    /**
     * The body is complete.
     *
     * @param body its bytes
     */
    void collected(ByteBuffer body);

    /** The body is over the limit; the rest is unread. */
    void tooLarge();

    /**
     * The body broke.
     *
     * @param reason why
     */
    void failed(Throwable reason);
  }

  private static final int FIRST_BYTES = 4096;

  private final BodySource source;
  private final int maxBytes;
  private final Result result;
  private final AtomicInteger work = new AtomicInteger();
  private byte[] bytes;
  private int length;
  private boolean done;

  private BodyCollector(BodySource source, int maxBytes, Result result) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.result = result;
    long known = source.length();
    this.bytes = new byte[(int) Math.min(maxBytes, known >= 0 ? known : FIRST_BYTES)];
  }

  /**
   * Collects a body.
   *
   * @param source the body
   * @param maxBytes the limit
   * @param result told the end, perhaps before this returns
   */
  public static void collect(BodySource source, int maxBytes, Result result) {
    if (source.length() > maxBytes) {
      result.tooLarge();
    } else {
      new BodyCollector(source, maxBytes, result).iterate();
    }
  }

  /**
   * Runs again for each call that came while it ran, so that a demand answered at once does not
   * recurse.
   */
  private void iterate() {
    if (work.getAndIncrement() != 0) return;
    do {
      if (!done) readAll();
    } while (work.decrementAndGet() != 0);
  }

  private void readAll() {
    while (true) {
      Content content = source.read();
      if (content == null) {
        source.demand(this::iterate);
        return;
      }
      Throwable failure = content.failure();
      boolean last = content.last();
      boolean fits = failure == null && append(content.bytes());
      content.release();
      if (failure != null) {
        done = true;
        result.failed(failure);
      } else if (!fits) {
        done = true;
        result.tooLarge();
      } else if (last) {
        done = true;
        result.collected(ByteBuffer.wrap(bytes, 0, length));
      }
      if (done) return;
    }
  }

  private boolean append(ByteBuffer more) {
    int size = more.remaining();
    if (size > maxBytes - length) return false;
    if (size > bytes.length - length) {
      long grown = Math.min(maxBytes, Math.max(2L * bytes.length, (long) length + size));
      bytes = Arrays.copyOf(bytes, (int) grown);
    }
    more.get(bytes, length, size);
    length += size;
    return true;
  }
}
