package dev.headgate.jetty.http1;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.eclipse.jetty.io.Retainable;

/**
 * Content that lies in one of Jetty's pooled buffers: nothing is copied, and the buffer goes back
 * to its pool when the last reference is released. Thread-safe as {@link Content} asks for.
 */
public final class PooledContent implements Content {
  private static final AtomicIntegerFieldUpdater<PooledContent> REFERENCES =
      AtomicIntegerFieldUpdater.newUpdater(PooledContent.class, "references");

  private final ByteBuffer buffer;
  private final int start;
  private final int end;
  private final boolean last;
  private final Retainable owner;

  @SuppressWarnings("unused") // by the updater
  private volatile int references = 1;

  /**
   * Wraps bytes.
   *
   * @param buffer the bytes from position to limit; a buffer of its own, whose position the content
   *     moves
   * @param last whether they end the body
   * @param owner the memory they lie in, of which the content takes over one reference
   */
  public PooledContent(ByteBuffer buffer, boolean last, Retainable owner) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.end = buffer.limit();
    this.last = last;
    this.owner = owner;
  }

  @Override
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public ByteBuffer bytes() {
    return buffer.duplicate().limit(end).position(start).slice().asReadOnlyBuffer();
  }

  @Override
  public int size() {
    return end - start;
  }

  @Override
  public boolean last() {
    return last;
  }

  @Override
  public void retain() {
    if (REFERENCES.getAndIncrement(this) <= 0) {
      REFERENCES.decrementAndGet(this);
      throw new IllegalStateException("retained after its last release");
    }
  }

  @Override
  public void release() {
    int left = REFERENCES.decrementAndGet(this);
    if (left == 0) {
      owner.release();
    } else if (left < 0) {
      REFERENCES.incrementAndGet(this);
      throw new IllegalStateException("released more often than retained");
    }
  }
}
