package dev.headgate.codings;

import com.github.luben.zstd.ZstdDirectBufferDecompressingStreamNoFinalizer;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Decodes frames one after the other. */
final class ZstdDecoder implements Decoder {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /** RFC 9659: 8 MiB. */
  private static final int MOST_WINDOW_LOG = 23;

  private final DirectInput input = new DirectInput();
  private Frames frames = new Frames();

  ZstdDecoder() throws IOException {}

  @Override
  public boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException {
    try {
      while (true) {
        ByteBuffer next = input.of(in);
        if (next.hasRemaining() && frames.spent) {
          frames.close();
          frames = new Frames();
        }
        frames.decode(next, out);
        if (!out.hasRemaining()) {
          return false;
        }
        if (!next.hasRemaining() && !in.hasRemaining()) {
          return true;
        }
      }
    } catch (IOException e) {
      String detail = e.getMessage();
      throw new CodingException(
          ZstdCoding.NAME,
          CodingException.Reason.MALFORMED,
          detail == null ? "malformed data" : detail,
          e);
    }
  }

  @Override
  public boolean complete() {
    return !frames.hasRemaining();
  }

  @Override
  public void close() {
    frames.close();
  }

  /** One native stream, which ends where a frame ends together with the input. */
  private static final class Frames extends ZstdDirectBufferDecompressingStreamNoFinalizer {
    private boolean spent;

    Frames() throws IOException {
      super(NOTHING);
      try {
        setLongMax(MOST_WINDOW_LOG);
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    void decode(ByteBuffer in, ByteBuffer out) throws IOException {
      source = in;
      try {
        read(out);
        spent = !hasRemaining();
      } finally {
        source = NOTHING;
      }
    }
  }
}
