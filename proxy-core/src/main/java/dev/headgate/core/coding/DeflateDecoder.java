package dev.headgate.core.coding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes deflate: the zlib format, as RFC 9110 §8.4.1.2 wants it, or raw deflate data, as some
 * servers send it. The first two bytes tell: raw data that look like a zlib header would begin with
 * an uncompressed block with set padding, which no encoder makes.
 */
final class DeflateDecoder implements Decoder {
  private final ByteBuffer head = ByteBuffer.allocate(2);
  private @Nullable Inflating inflating;
  private boolean end;

  @Override
  public boolean decode(ByteBuffer in, ByteBuffer out) throws CodingException {
    Inflating current = inflating;
    if (current == null) {
      while (head.hasRemaining() && in.hasRemaining()) {
        head.put(in.get());
      }
      if (head.hasRemaining()) {
        return true;
      }
      head.flip();
      current = new Inflating(DeflateCoding.NAME, !isZlib(head.getShort(0) & 0xffff));
      inflating = current;
    }
    if (!end && head.hasRemaining()) {
      end = current.inflate(head, out);
    }
    if (!end && !head.hasRemaining()) {
      end = current.inflate(in, out);
    }
    if (!end) {
      return out.hasRemaining();
    }
    if (in.hasRemaining() || head.hasRemaining()) {
      throw CodingException.malformed(DeflateCoding.NAME, "goes on after its end");
    }
    return true;
  }

  private static boolean isZlib(int head) {
    return ((head >> 8) & 0x0f) == 8 && (head >> 12) <= 7 && head % 31 == 0;
  }

  @Override
  public boolean complete() {
    return end;
  }

  @Override
  public void close() {
    if (inflating != null) {
      inflating.end();
    }
  }
}
