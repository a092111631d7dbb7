package dev.headgate.core.coding;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body decoded while it is read.
 *
 * <p>Takes from the wrapped source only by demand and holds at most one of its contents. Each
 * content has at most 16 KiB, and only what is asked for is decoded: a small body that decodes to a
 * huge one costs what its reader takes. All that can be decoded from the input so far is delivered
 * at once, so flushed streams (events) are not delayed. Besides its output buffer it uses the
 * window of its coding: 32 KiB for gzip and deflate.
 *
 * <p>An empty body is taken as the encoding of nothing. A body that ends too early, is malformed,
 * goes on after its end, or passes a limit, ends with a {@link CodingException} as its failure,
 * after the bytes before it; the wrapped source is then aborted. Trailers and failures of the
 * wrapped source are passed on. {@link #length()} is −1.
 *
 * <p>The wrapped source belongs to this one. Native resources are taken with the first byte, and
 * freed with the last content, a failure, or {@link #abort}: whoever does not read to the end must
 * abort.
 */
public final class DecodingSource extends CodedSource {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  private final ContentCoding contentCoding;
  private final DecodingLimits limits;
  private final Slab slab;
  private @Nullable Decoder decoder;
  private @Nullable Content input;
  private boolean lastInput;
  private boolean more;
  private long bytesIn;
  private long bytesOut;

  /**
   * Wraps a body.
   *
   * @param source the encoded body
   * @param coding how it is encoded
   * @param limits on what it may decode to
   */
  public DecodingSource(BodySource source, ContentCoding coding, DecodingLimits limits) {
    super(source, coding.name());
    this.contentCoding = coding;
    this.limits = Objects.requireNonNull(limits, "limits");
    this.slab = new Slab(coding.direct());
  }

  @Override
  @Nullable Content step() throws CodingException {
    while (true) {
      if (input == null && !more) {
        if (lastInput) {
          throw new CodingException(
              coding, CodingException.Reason.TRUNCATED, "the body ends too early", null);
        }
        Content next = source.read();
        if (next == null || next.failure() != null) {
          return next;
        }
        accept(next);
      }
      decode();
      boolean end = lastInput && input == null && !more && (decoder == null || decoder.complete());
      if (end || slab.written() > 0) {
        return slab.take(end);
      }
    }
  }

  private void accept(Content next) {
    lastInput = next.last();
    int size = next.buffer().remaining();
    bytesIn += size;
    if (size == 0) {
      next.release();
    } else {
      input = next;
    }
  }

  private void decode() throws CodingException {
    Content from = input;
    if (from == null && !more) {
      return;
    }
    if (decoder == null) {
      decoder = contentCoding.newDecoder();
    }
    ByteBuffer in = from == null ? NOTHING : from.buffer();
    ByteBuffer out = slab.space();
    int before = out.position();
    more = !decoder.decode(in, out);
    bytesOut += out.position() - before;
    limits.check(coding, bytesIn, bytesOut);
    if (from != null && !in.hasRemaining()) {
      input = null;
      from.release();
    } else if (from != null && out.hasRemaining()) {
      throw new IllegalStateException(coding + " decoder stopped before its input was used up");
    }
  }

  @Override
  void free() {
    if (input != null) {
      input.release();
      input = null;
    }
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }
}
