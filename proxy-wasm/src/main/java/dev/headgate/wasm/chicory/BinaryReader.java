package dev.headgate.wasm.chicory;

/**
 * Walks through a binary module that the engine has validated, so that running over its end is a
 * fault of ours, not the module's.
 */
final class BinaryReader {
  private final byte[] bytes;
  private int position;

  BinaryReader(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
  }

  int position() {
    return position;
  }

  void position(int position) {
    this.position = position;
  }

  boolean hasMore() {
    return position < bytes.length;
  }

  int readByte() {
    return bytes[position++] & 0xff;
  }

  /** Reads an unsigned LEB128 number of 32 bits. */
  int readU32() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = readByte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  }
}
