package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import org.jspecify.annotations.Nullable;

/** The linear memory of a guest, for the functions of WASI. Accesses out of bounds trap. */
record GuestMemory(Instance instance) {
  private Memory memory() {
    @Nullable Memory memory = instance.memory();
    if (memory == null) throw new IllegalStateException("the guest has no memory");
    return memory;
  }

  int size() {
    return memory().pages() * 65_536;
  }

  int readInt(int address) {
    return memory().readInt(address);
  }

  byte[] read(int address, int length) {
    return memory().readBytes(address, length);
  }

  void writeInt(int address, int value) {
    memory().writeI32(address, value);
  }

  void writeLong(int address, long value) {
    memory().writeLong(address, value);
  }

  void write(int address, byte[] bytes) {
    memory().write(address, bytes, 0, bytes.length);
  }
}
