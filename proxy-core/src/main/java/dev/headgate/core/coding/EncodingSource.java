package dev.headgate.core.coding;

import dev.headgate.core.coding.Encoder.Flush;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body encoded while it is read.
 *
 * <p>Takes from the wrapped source only by demand and holds at most one of its contents. Never
 * delays a stream: whenever the source has nothing more at hand, or after 64 KiB of input, all that
 * was read is flushed, so that a client can decode it. Contents that are at hand together share one
 * flush. Each content has at most 16 KiB.
 *
 * <p>Trailers and failures of the wrapped source are passed on; {@link #length()} is −1. Ownership
 * and native resources are as with {@link DecodingSource}: whoever does not read to the end must
 * abort.
 */
public final class EncodingSource extends CodedSource {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /** How much input one flush may wait for. */
  private static final int FLUSH_AFTER = 64 * 1024;

  private final ContentCoding contentCoding;
  private final Slab slab;
  private @Nullable Encoder encoder;
  private @Nullable Content input;
  private Flush flush = Flush.NONE;
  private boolean more;
  private int unflushed;

  /**
   * Wraps a body.
   *
   * @param source the plain body
   * @param coding how to encode it; reading fails if it has no encoder
   */
  public EncodingSource(BodySource source, ContentCoding coding) {
    super(source, coding.name());
    this.contentCoding = coding;
    this.slab = new Slab(coding.direct());
  }

  @Override
  @Nullable Content step() throws CodingException {
    while (true) {
      if (!more) {
        Content next = source.read();
        if (next == null || next.failure() != null) {
          if (unflushed == 0) {
            return next;
          }
          // Also before a failure: what came before goes out, and the source will fail again.
          flush = Flush.SYNC;
        } else {
          accept(next);
        }
      }
      more = !encode();
      if (more) {
        return slab.take(false);
      }
      Flush done = flush;
      if (done != Flush.NONE) {
        flush = Flush.NONE;
        unflushed = 0;
      }
      if (done == Flush.FINISH) {
        return slab.take(true);
      }
      if (done == Flush.SYNC && slab.written() > 0) {
        return slab.take(false);
      }
    }
  }

  private void accept(Content next) {
    int size = next.buffer().remaining();
    unflushed += size;
    if (next.last()) {
      flush = Flush.FINISH;
    } else if (unflushed >= FLUSH_AFTER) {
      flush = Flush.SYNC;
    }
    if (size == 0) {
      next.release();
    } else {
      input = next;
    }
  }

  private boolean encode() throws CodingException {
    Content from = input;
    if (encoder == null) {
      encoder = contentCoding.newEncoder();
      if (encoder == null) {
        throw new CodingException(
            coding, CodingException.Reason.INTERNAL, "can only be decoded", null);
      }
    }
    ByteBuffer in = from == null ? NOTHING : from.buffer();
    boolean done = encoder.encode(in, slab.space(), flush);
    if (from != null && !in.hasRemaining()) {
      input = null;
      from.release();
    }
    return done;
  }

  @Override
  void free() {
    if (input != null) {
      input.release();
      input = null;
    }
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
