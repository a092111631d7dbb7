package dev.headgate.wasm.chicory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in arrays of bytes, in the order of WebAssembly. */
final class Bytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  static long load64(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  static void store64(byte[] bytes, int offset, long value) {
    LONG.set(bytes, offset, value);
  }
}
