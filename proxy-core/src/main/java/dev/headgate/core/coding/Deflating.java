package dev.headgate.core.coding;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * A deflater that reads and writes buffers and keeps none of them; by itself the encoder of
 * deflate.
 */
final class Deflating implements Encoder {
  /** The least level with lazy matching: near the default's size, at clearly less cost. */
  private static final int LEVEL = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Deflater deflater;

  Deflating(boolean raw) {
    this.deflater = new Deflater(LEVEL, raw);
  }

  @Override
  public boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) {
    deflater.setInput(in);
    if (flush == Flush.FINISH) {
      deflater.finish();
    }
    try {
      deflater.deflate(out, flush == Flush.SYNC ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
    } finally {
      deflater.setInput(NOTHING);
    }
    return switch (flush) {
      case NONE -> !in.hasRemaining();
      case SYNC -> !in.hasRemaining() && out.hasRemaining();
      case FINISH -> deflater.finished();
    };
  }

  /** Returns how many bytes went in. */
  long read() {
    return deflater.getBytesRead();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
