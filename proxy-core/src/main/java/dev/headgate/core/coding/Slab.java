package dev.headgate.core.coding;

import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The output of one coded source: contents are slices of one block, which is written again from its
 * start when all of them are released (the usual case: each is released before the next is read).
 * Slices that are retained keep their block, which goes on being filled behind them, so that many
 * small contents cost no more than their bytes.
 *
 * <p>Used by one thread at a time, but for the release of slices.
 */
final class Slab {
  static final int BLOCK = 16 * 1024;

  /** With less space left than this in a block, another one is taken. */
  private static final int LEAST_SPACE = 1024;

  private final boolean direct;
  private @Nullable Block block;

  Slab(boolean direct) {
    this.direct = direct;
  }

  /**
   * Returns the buffer to write into from its position on; has space, unless untaken bytes fill it.
   */
  ByteBuffer space() {
    Block current = block;
    if (current == null) {
      current = new Block(direct);
    } else if (current.written() == 0) {
      if (current.slices.get() == 0) {
        current.rewind();
      } else if (current.bytes.remaining() < LEAST_SPACE) {
        current = new Block(direct);
      }
    }
    block = current;
    return current.bytes;
  }

  /** Returns how many bytes were written and not yet taken. */
  int written() {
    return block == null ? 0 : block.written();
  }

  /** Makes a content of what was written and not yet taken. */
  Content take(boolean last) {
    Block current = block;
    if (current == null) {
      current = new Block(ByteBuffer.allocate(0));
    }
    return current.take(last);
  }

  private static final class Block {
    private final ByteBuffer bytes;
    private final AtomicInteger slices = new AtomicInteger();
    private int start;

    Block(boolean direct) {
      this(direct ? ByteBuffer.allocateDirect(BLOCK) : ByteBuffer.allocate(BLOCK));
    }

    Block(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    int written() {
      return bytes.position() - start;
    }

    void rewind() {
      bytes.clear();
      start = 0;
    }

    Content take(boolean last) {
      ByteBuffer slice = bytes.slice(start, written());
      start = bytes.position();
      slices.incrementAndGet();
      return new Slice(this, slice, last);
    }
  }

  private static final class Slice implements Content {
    private final Block block;
    private final ByteBuffer bytes;
    private final boolean last;
    private final AtomicInteger references = new AtomicInteger(1);

    Slice(Block block, ByteBuffer bytes, boolean last) {
      this.block = block;
      this.bytes = bytes;
      this.last = last;
    }

    @Override
    public ByteBuffer buffer() {
      return bytes;
    }

    @Override
    public ByteBuffer bytes() {
      return bytes.duplicate().clear().asReadOnlyBuffer();
    }

    @Override
    public int size() {
      return bytes.capacity();
    }

    @Override
    public boolean last() {
      return last;
    }

    @Override
    public void retain() {
      if (references.getAndIncrement() <= 0) {
        throw new IllegalStateException("retained after its last release");
      }
    }

    @Override
    public void release() {
      int left = references.decrementAndGet();
      if (left < 0) {
        throw new IllegalStateException("released more often than retained");
      }
      if (left == 0) {
        block.slices.decrementAndGet();
      }
    }
  }
}
