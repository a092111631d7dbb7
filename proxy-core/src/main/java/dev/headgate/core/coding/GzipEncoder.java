package dev.headgate.core.coding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Encodes gzip as one member without name and time. */
final class GzipEncoder implements Encoder {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int TRAILER = 8;

  private final Deflating deflating = new Deflating(true);
  private final CRC32 checksum = new CRC32();
  private ByteBuffer frame = ByteBuffer.wrap(HEADER);
  private boolean end;

  @Override
  public boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) {
    if (!writeFrame(out)) {
      return false;
    }
    if (end) {
      return true;
    }
    int before = in.position();
    boolean done = deflating.encode(in, out, flush);
    checksum.update(in.duplicate().flip().position(before));
    if (!done || flush != Flush.FINISH) {
      return done;
    }
    end = true;
    frame =
        ByteBuffer.allocate(TRAILER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt((int) checksum.getValue())
            .putInt((int) deflating.read())
            .flip();
    return writeFrame(out);
  }

  private boolean writeFrame(ByteBuffer out) {
    while (frame.hasRemaining() && out.hasRemaining()) {
      out.put(frame.get());
    }
    return !frame.hasRemaining();
  }

  @Override
  public void close() {
    deflating.close();
  }
}
