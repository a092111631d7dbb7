package dev.headgate.benchmarks.parts;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;

/** A body of the same chunk, again and again. It allocates nothing. */
final class RepeatedChunk implements BodySource {
  private static final int BYTES = 8 << 10;
  private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(BYTES);
  private static final Content MIDDLE = new SharedContent(false);
  private static final Content LAST = new SharedContent(true);

  private final int chunks;
  private int left;

  RepeatedChunk(int chunks) {
    this.chunks = chunks;
    this.left = chunks;
  }

  @Override
  public Content read() {
    left--;
    return left > 0 ? MIDDLE : LAST;
  }

  @Override
  public void demand(Runnable ready) {
    ready.run();
  }

  @Override
  public void abort(Throwable reason) {}

  @Override
  public long length() {
    return (long) chunks * BYTES;
  }

  /**
   * A chunk that nobody gives back.
   *
   * @param last whether it ends the body
   */
  private record SharedContent(boolean last) implements Content {
    @Override
    public ByteBuffer buffer() {
      return BUFFER;
    }

    @Override
    public ByteBuffer bytes() {
      return BUFFER.asReadOnlyBuffer();
    }

    @Override
    public int size() {
      return BYTES;
    }

    @Override
    public void retain() {}

    @Override
    public void release() {}
  }
}
