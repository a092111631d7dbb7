package dev.headgate.tck.lab;

/** Bytes that tell where in a body they belong, so that losses and mixtures show. */
public final class Payload {
  private Payload() {}

  /**
   * Makes a payload.
   *
   * @param size how many bytes
   * @return the bytes from offset 0
   */
  public static byte[] of(int size) {
    return of(0, size);
  }

  /**
   * Makes a part of a payload.
   *
   * @param offset where it begins
   * @param size how many bytes
   * @return the bytes
   */
  public static byte[] of(long offset, int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) bytes[i] = at(offset + i);
    return bytes;
  }

  /**
   * Returns the byte at an offset.
   *
   * @param offset where
   * @return a letter or digit
   */
  public static byte at(long offset) {
    long mixed = (offset ^ (offset >>> 7) * 31 ^ (offset >>> 15) * 17) & 0x3f;
    return (byte) (mixed < 26 ? 'a' + mixed : mixed < 52 ? 'A' + mixed - 26 : '0' + mixed % 10);
  }

  /**
   * Checks that bytes are a payload's, from an offset on.
   *
   * @param offset where they begin
   * @param bytes the bytes
   * @throws AssertionError naming the first offset that differs
   */
  public static void check(long offset, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != at(offset + i)) {
        throw new AssertionError("the body differs from what was sent at byte " + (offset + i));
      }
    }
  }
}
