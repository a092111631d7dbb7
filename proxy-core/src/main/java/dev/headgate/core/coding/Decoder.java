package dev.headgate.core.coding;

import java.nio.ByteBuffer;

/**
 * Decodes one body, piece by piece. Used by one thread at a time.
 *
 * <p>Memory is bounded by a constant of the coding (its window), whatever the body: a decoder keeps
 * neither input nor output beyond it.
 */
public interface Decoder extends AutoCloseable {
  /**
   * Decodes as much as fits. On return either {@code out} is full, or all of {@code in} has been
   * consumed and all that can be decoded from it has been written: nothing that can be delivered is
   * held back.
   *
   * @param in the bytes from position to limit, direct or heap, maybe read-only, maybe none; the
   *     position is advanced. Not kept after the call
   * @param out where to write; the position is advanced. Not kept after the call
   * @return true when nothing is held back; false when {@code out} is full and there may be more,
   *     so that the method must be called again, with the rest of {@code in}, before other input is
   *     given
   * @throws CodingException if the bytes are not of this coding; the decoder can then only be
   *     closed
   */
  boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException;

  /**
   * Returns whether the body may end after the input that was given so far.
   *
   * @return false in the middle of the coding: ending here means truncation
   */
  boolean complete();

  /** Frees native resources. Idempotent. */
  @Override
  void close();
}
