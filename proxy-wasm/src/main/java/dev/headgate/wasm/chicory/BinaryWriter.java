package dev.headgate.wasm.chicory;

import java.io.ByteArrayOutputStream;

/** Writes parts of a binary module. */
final class BinaryWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  BinaryWriter writeByte(int value) {
    out.write(value);
    return this;
  }

  BinaryWriter writeBytes(byte[] bytes, int start, int end) {
    out.write(bytes, start, end - start);
    return this;
  }

  BinaryWriter writeAll(byte[] bytes) {
    return writeBytes(bytes, 0, bytes.length);
  }

  /** Writes an unsigned LEB128 number. */
  BinaryWriter writeU32(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }

  /** Writes a signed LEB128 number. */
  BinaryWriter writeS64(long value) {
    long rest = value;
    while (true) {
      int low = (int) rest & 0x7f;
      rest >>= 7;
      boolean done = (low & 0x40) == 0 ? rest == 0 : rest == -1;
      out.write(done ? low : low | 0x80);
      if (done) return this;
    }
  }

  /** Writes a section with its size. */
  BinaryWriter writeSection(int id, byte[] content) {
    return writeByte(id).writeU32(content.length).writeAll(content);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
