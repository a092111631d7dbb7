package dev.headgate.codings;

import com.aayushatharva.brotli4j.encoder.Encoder.Mode;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import com.aayushatharva.brotli4j.encoder.EncoderJNI.Operation;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.coding.Encoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Feeds brotli4j's own input buffer and copies its output. */
final class BrotliEncoder implements Encoder {
  private static final int INPUT = 16 * 1024;
  private static final int QUALITY = 4;
  private static final int WINDOW_LOG = 18;

  private final EncoderJNI.Wrapper brotli =
      new EncoderJNI.Wrapper(INPUT, QUALITY, WINDOW_LOG, Mode.GENERIC);

  /** What brotli4j gave and did not fit yet; valid until its next call. */
  private ByteBuffer output = ByteBuffer.allocate(0);

  private Operation operation = Operation.PROCESS;
  private boolean flushed;
  private boolean closed;

  BrotliEncoder() throws IOException {}

  @Override
  public boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) throws CodingException {
    while (true) {
      if (output.hasRemaining()) {
        int size = Math.min(output.remaining(), out.remaining());
        out.put(out.position(), output, output.position(), size);
        out.position(out.position() + size);
        output.position(output.position() + size);
        if (output.hasRemaining()) {
          return false;
        }
      } else if (brotli.hasMoreOutput()) {
        output = brotli.pull();
      } else if (brotli.hasRemainingInput()) {
        push(operation, 0);
      } else if (in.hasRemaining()) {
        flushed = false;
        push(Operation.PROCESS, BrotliInput.fill(brotli.getInputBuffer(), in));
      } else if (flush == Flush.NONE || (flush == Flush.SYNC ? flushed : brotli.isFinished())) {
        return true;
      } else {
        flushed = true;
        push(flush == Flush.SYNC ? Operation.FLUSH : Operation.FINISH, 0);
      }
    }
  }

  private void push(Operation next, int size) throws CodingException {
    operation = next;
    brotli.push(next, size);
    if (!brotli.isSuccess()) {
      throw new CodingException(
          BrotliCoding.NAME, CodingException.Reason.INTERNAL, "encoding failed", null);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      brotli.destroy();
    }
  }
}
