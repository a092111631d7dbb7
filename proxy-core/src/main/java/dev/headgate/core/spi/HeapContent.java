package dev.headgate.core.spi;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Content that needs no pool: bytes on the heap, an empty end, or a failure. Thread-safe. */
public final class HeapContent implements Content {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final ByteBuffer buffer;
  private final int start;
  private final int end;
  private final boolean last;
  private final @Nullable Throwable failure;
  private final AtomicInteger references = new AtomicInteger(1);

  private HeapContent(ByteBuffer buffer, boolean last, @Nullable Throwable failure) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.end = buffer.limit();
    this.last = last;
    this.failure = failure;
  }

  /**
   * Wraps bytes.
   *
   * @param bytes the bytes from position to limit, owned by the content from now on
   * @param last whether they end the body
   * @return the content
   */
  public static Content of(ByteBuffer bytes, boolean last) {
    return new HeapContent(bytes, last, null);
  }

  /**
   * Makes the empty end of a body.
   *
   * @return a last content without bytes
   */
  public static Content end() {
    return new HeapContent(NOTHING, true, null);
  }

  /**
   * Makes the failed end of a body.
   *
   * @param reason why
   * @return the content
   */
  public static Content failed(Throwable reason) {
    return new HeapContent(NOTHING, true, reason);
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
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void retain() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException("retained after its last release");
    }
  }

  @Override
  public void release() {
    if (failure == null && references.decrementAndGet() < 0) {
      throw new IllegalStateException("released more often than retained");
    }
  }
}
