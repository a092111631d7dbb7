package dev.headgate.codings;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives direct input: the input itself, or a copy of it, piece by piece, when it is on the heap.
 */
final class DirectInput {
  private static final int SIZE = 16 * 1024;

  private @Nullable ByteBuffer copy;

  /** Returns what to read next: what is left of a copied piece, else of {@code in}. */
  ByteBuffer of(ByteBuffer in) {
    ByteBuffer piece = copy;
    if (piece != null && piece.hasRemaining()) {
      return piece;
    }
    if (in.isDirect()) {
      return in;
    }
    if (piece == null) {
      piece = ByteBuffer.allocateDirect(SIZE);
      copy = piece;
    }
    int size = Math.min(piece.capacity(), in.remaining());
    piece.clear().put(0, in, in.position(), size).limit(size);
    in.position(in.position() + size);
    return piece;
  }
}
