package dev.headgate.codings;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.decoder.DecoderJNI.Status;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Feeds brotli4j's own input buffer and copies out of its window. */
final class BrotliDecoder implements Decoder {
  private static final int INPUT = 8 * 1024;

  private final DecoderJNI.Wrapper brotli = new DecoderJNI.Wrapper(INPUT);
  private boolean closed;

  BrotliDecoder() throws IOException {}

  @Override
  public boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException {
    while (true) {
      if (brotli.hasOutput() || brotli.getStatus() == Status.NEEDS_MORE_OUTPUT) {
        if (!out.hasRemaining()) {
          return false;
        }
        out.put(brotli.pull(out.remaining()));
        continue;
      }
      switch (brotli.getStatus()) {
        case OK -> brotli.push(0);
        case NEEDS_MORE_INPUT -> {
          if (!in.hasRemaining()) {
            return true;
          }
          brotli.push(BrotliInput.fill(brotli.getInputBuffer(), in));
        }
        case DONE -> {
          if (!in.hasRemaining()) {
            return true;
          }
          throw malformed();
        }
        default -> throw malformed();
      }
    }
  }

  private static CodingException malformed() {
    return new CodingException(
        BrotliCoding.NAME,
        CodingException.Reason.MALFORMED,
        "malformed data, or bytes after the end",
        null);
  }

  @Override
  public boolean complete() {
    return brotli.getStatus() == Status.DONE;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      brotli.destroy();
    }
  }
}
