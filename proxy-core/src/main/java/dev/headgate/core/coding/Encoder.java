package dev.headgate.core.coding;

import java.nio.ByteBuffer;

/**
 * Encodes one body, piece by piece. Used by one thread at a time; memory is bounded as for {@link
 * Decoder}.
 */
public interface Encoder extends AutoCloseable {
  /** What shall have been written when {@link #encode} returns true. */
  enum Flush {
    /** Whatever suits the encoder. */
    NONE,
    /** All input so far, so that a decoder can decode all of it. */
    SYNC,
    /** All input, and the end of the coding; no further input follows. */
    FINISH
  }

  /**
   * Encodes as much as fits.
   *
   * @param in the bytes from position to limit, direct or heap, maybe read-only, maybe none; the
   *     position is advanced. Not kept after the call
   * @param out where to write; the position is advanced. Not kept after the call
   * @param flush what to write out
   * @return true when all of {@code in} is consumed and the flush is done; false when {@code out}
   *     is full, so that the method must be called again with the rest of {@code in} and the same
   *     {@code flush}
   * @throws CodingException if the codec fails; the encoder can then only be closed
   */
  boolean encode(ByteBuffer in, ByteBuffer out, Flush flush) throws CodingException;

  /** Frees native resources, also in the middle of a body. Idempotent. */
  @Override
  void close();
}
