package dev.headgate.core.body;

import dev.headgate.api.body.BodyChunk;
import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as plugins see it: a loan of the content, which counts its own references. A plugin that
 * releases too often, or that reads what it has not kept, meets an exception and never the engine's
 * own reference: the buffer would go back to its pool, and to another exchange, while it is still
 * being written.
 *
 * <p>Reused from call to call, unless a plugin kept it.
 */
final class BorrowedChunk implements BodyChunk {
  private static final AtomicIntegerFieldUpdater<BorrowedChunk> LOANS =
      AtomicIntegerFieldUpdater.newUpdater(BorrowedChunk.class, "loans");

  private @Nullable Content content;
  private boolean open;

  /** How often a plugin retained it and has not released it yet. */
  private volatile int loans;

  /** Lends a content for one call. */
  void lend(Content lent) {
    content = lent;
    open = true;
  }

  /**
   * Ends the loan of a call.
   *
   * @return whether a plugin kept the chunk, which is then not to be used for another content
   */
  boolean takeBack() {
    open = false;
    if (loans > 0) return true;
    content = null;
    return false;
  }

  /** Returns what is lent, if it still is. */
  Content content() {
    Content lent = content;
    if (lent == null || (!open && loans == 0)) {
      throw new IllegalStateException(
          "a chunk may be used only during its call, or as long as it is retained");
    }
    return lent;
  }

  @Override
  public ByteBuffer bytes() {
    return content().bytes();
  }

  @Override
  public int size() {
    return content().size();
  }

  @Override
  public boolean last() {
    return content().last();
  }

  @Override
  public void retain() {
    content().retain();
    LOANS.incrementAndGet(this);
  }

  @Override
  public void release() {
    Content lent = content; // before the count falls: it may be lent anew from then on
    int kept = loans;
    while (kept > 0 && !LOANS.compareAndSet(this, kept, kept - 1)) kept = loans;
    if (kept == 0 || lent == null) {
      throw new IllegalStateException("released more often than retained");
    }
    lent.release();
  }
}
