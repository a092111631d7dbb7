package dev.headgate.core.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Content that needs no pool: bytes on the heap, an empty end, or a failure. Thread-safe. */
public final class HeapContent extends CountedContent {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final @Nullable Throwable failure;

  private HeapContent(ByteBuffer buffer, boolean last, @Nullable Throwable failure) {
    super(buffer, last);
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
  protected void freed() {
    // The heap's own collector takes it.
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void release() {
    if (failure == null) super.release();
  }
}
