package dev.headgate.core.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Content that counts its references, for backends whose memory goes back to a pool. Thread-safe as
 * {@link Content} asks for.
 */
public abstract class CountedContent implements Content {
  private static final AtomicIntegerFieldUpdater<CountedContent> REFERENCES =
      AtomicIntegerFieldUpdater.newUpdater(CountedContent.class, "references");

  private final ByteBuffer buffer;
  private final int start;
  private final int end;
  private final boolean last;

  @SuppressWarnings("unused") // by the updater
  private volatile int references = 1;

  /**
   * Wraps bytes.
   *
   * @param buffer the bytes from position to limit; a buffer of its own, whose position the content
   *     moves
   * @param last whether they end the body
   */
  protected CountedContent(ByteBuffer buffer, boolean last) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.end = buffer.limit();
    this.last = last;
  }

  /** The last reference was released: called once, on the thread of that release. */
  protected abstract void freed();

  @Override
  public final ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public final ByteBuffer bytes() {
    return buffer.duplicate().limit(end).position(start).slice().asReadOnlyBuffer();
  }

  @Override
  public final int size() {
    return end - start;
  }

  @Override
  public final boolean last() {
    return last;
  }

  @Override
  public final void retain() {
    if (REFERENCES.getAndIncrement(this) <= 0) {
      REFERENCES.decrementAndGet(this);
      throw new IllegalStateException("retained after its last release");
    }
  }

  @Override
  public void release() {
    int left = REFERENCES.decrementAndGet(this);
    if (left == 0) {
      freed();
    } else if (left < 0) {
      REFERENCES.incrementAndGet(this);
      throw new IllegalStateException("released more often than retained");
    }
  }
}
