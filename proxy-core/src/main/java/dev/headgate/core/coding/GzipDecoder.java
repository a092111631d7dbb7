package dev.headgate.core.coding;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Decodes gzip: one member or several, one after the other (RFC 1952 §2.2), each with its check sum
 * and size.
 */
final class GzipDecoder implements Decoder {
  private static final int TRAILER = 8;

  private enum Stage {
    HEADER,
    BODY,
    TRAILER,
    END
  }

  private final Inflating inflating = new Inflating(GzipCoding.NAME, true);
  private final CRC32 checksum = new CRC32();
  private GzipHeader header = new GzipHeader();
  private Stage stage = Stage.HEADER;
  private long trailer;
  private int trailerSize;

  @Override
  public boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException {
    while (true) {
      switch (stage) {
        case HEADER -> {
          if (!header.read(in)) {
            return true;
          }
          stage = Stage.BODY;
        }
        case BODY -> {
          if (!body(in, out)) {
            return out.hasRemaining();
          }
          stage = Stage.TRAILER;
        }
        case TRAILER -> {
          if (!trailer(in)) {
            return true;
          }
          stage = Stage.END;
        }
        case END -> {
          if (!in.hasRemaining()) {
            return true;
          }
          nextMember();
        }
      }
    }
  }

  private boolean body(ByteBuffer in, ByteBuffer out) throws CodingException {
    int before = out.position();
    boolean end = inflating.inflate(in, out);
    checksum.update(out.duplicate().flip().position(before));
    return end;
  }

  private boolean trailer(ByteBuffer in) throws CodingException {
    while (trailerSize < TRAILER) {
      if (!in.hasRemaining()) {
        return false;
      }
      trailer |= (in.get() & 0xffL) << (8 * trailerSize);
      trailerSize++;
    }
    if ((trailer & 0xffffffffL) != checksum.getValue()) {
      throw CodingException.malformed(GzipCoding.NAME, "wrong check sum");
    }
    if (trailer >>> 32 != (inflating.written() & 0xffffffffL)) {
      throw CodingException.malformed(GzipCoding.NAME, "wrong size in the trailer");
    }
    return true;
  }

  private void nextMember() {
    inflating.reset();
    checksum.reset();
    header = new GzipHeader();
    trailer = 0;
    trailerSize = 0;
    stage = Stage.HEADER;
  }

  @Override
  public boolean complete() {
    return stage == Stage.END;
  }

  @Override
  public void close() {
    inflating.end();
  }
}
