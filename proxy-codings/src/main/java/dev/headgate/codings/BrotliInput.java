package dev.headgate.codings;

import java.nio.ByteBuffer;

/** Fills brotli4j's input buffers. */
final class BrotliInput {
  private BrotliInput() {}

  /** Moves as many bytes as fit to the start of {@code buffer}; returns how many. */
  static int fill(ByteBuffer buffer, ByteBuffer in) {
    buffer.clear();
    int size = Math.min(buffer.remaining(), in.remaining());
    buffer.put(0, in, in.position(), size);
    in.position(in.position() + size);
    return size;
  }
}
