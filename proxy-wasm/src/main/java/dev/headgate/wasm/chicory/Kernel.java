package dev.headgate.wasm.chicory;

import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The memory that guest and host share in the Extism ABI, in place of the kernel module of other
 * hosts: blocks in an array of their own, known to the guest as handles. Everything in it lasts for
 * one call. Not thread-safe.
 *
 * <p>Handles and lengths come from the guest and may be any number; every method checks them. A
 * block costs {@value #OVERHEAD} bytes of the limit beside its own, so that the tables are bounded
 * too.
 */
final class Kernel {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** No block has the handle 0; some alignment makes wide accesses cheap. */
  private static final int FIRST = 16;

  private static final int OVERHEAD = 16;

  /** What is kept from call to call; what a large body needed is given back. */
  private static final int KEPT = 64 * 1024;

  /** How many freed blocks are looked at for one that fits. */
  private static final int REUSABLE = 16;

  private final int limit;
  private byte[] memory = new byte[1024];
  private int used = FIRST;
  private int[] starts = new int[16];
  private int[] lengths = new int[16];
  private int[] capacities = new int[16];
  private int blocks;
  private final int[] freed = new int[REUSABLE];
  private int freedCount;

  Kernel(int limit) {
    this.limit = limit;
  }

  /** Forgets all blocks. */
  void reset() {
    used = FIRST;
    blocks = 0;
    freedCount = 0;
    if (memory.length > KEPT) memory = new byte[1024];
    if (starts.length > 1024) {
      starts = new int[16];
      lengths = new int[16];
      capacities = new int[16];
    }
  }

  /** Makes a block of zeros; 0 for none of no bytes. */
  long allocate(long length) {
    if (length == 0) return 0;
    if (length < 0 || length > limit) throw overLimit(length);
    int size = (int) length;
    for (int i = freedCount - 1; i >= 0; i--) {
      int block = freed[i];
      if (capacities[block] >= size) {
        freed[i] = freed[--freedCount];
        lengths[block] = size;
        Arrays.fill(memory, starts[block], starts[block] + size, (byte) 0);
        return starts[block];
      }
    }
    return append(size);
  }

  private long append(int size) {
    int capacity = (size + 7) & ~7;
    long after = (long) used + capacity;
    if (after - FIRST + (blocks + 1L) * OVERHEAD > limit) throw overLimit(size);
    if (after > memory.length) {
      memory =
          Arrays.copyOf(
              memory, (int) Math.max(after, Math.min(2L * memory.length, limit + (long) FIRST)));
    }
    if (blocks == starts.length) {
      starts = Arrays.copyOf(starts, blocks * 2);
      lengths = Arrays.copyOf(lengths, blocks * 2);
      capacities = Arrays.copyOf(capacities, blocks * 2);
    }
    starts[blocks] = used;
    lengths[blocks] = size;
    capacities[blocks] = capacity;
    Arrays.fill(memory, used, used + capacity, (byte) 0);
    blocks++;
    used = (int) after;
    return starts[blocks - 1];
  }

  /** Gives a block back; anything else than a block's handle is ignored, as in other hosts. */
  void free(long handle) {
    int block = find(handle);
    if (block < 0 || lengths[block] < 0) return;
    lengths[block] = -1;
    if (block == blocks - 1) {
      used = starts[block];
      blocks--;
    } else if (freedCount < REUSABLE) {
      freed[freedCount++] = block;
    }
  }

  /** Returns a block's length; 0 for anything else than a block's handle. */
  long length(long handle) {
    int block = find(handle);
    return block < 0 ? 0 : Math.max(lengths[block], 0);
  }

  long store(byte[] bytes) {
    long handle = allocate(bytes.length);
    System.arraycopy(bytes, 0, memory, (int) handle, bytes.length);
    return handle;
  }

  /** Copies a block; a handle of 0 is no bytes. */
  byte[] block(long handle) {
    if (handle == 0) return new byte[0];
    int block = find(handle);
    if (block < 0 || lengths[block] < 0) {
      throw new Refusal(Reason.BAD_HANDLE, "no block has the handle " + handle);
    }
    return Arrays.copyOfRange(memory, starts[block], starts[block] + lengths[block]);
  }

  /** Copies a range, which need not be a block. */
  byte[] range(long offset, long length) {
    if (length == 0) return new byte[0];
    int start = check(offset, length);
    return Arrays.copyOfRange(memory, start, start + (int) length);
  }

  int load8(long offset) {
    return memory[check(offset, 1)] & 0xff;
  }

  void store8(long offset, long value) {
    memory[check(offset, 1)] = (byte) value;
  }

  long load64(long offset) {
    return (long) LONG.get(memory, check(offset, 8));
  }

  void store64(long offset, long value) {
    LONG.set(memory, check(offset, 8), value);
  }

  private int check(long offset, long length) {
    if (offset < FIRST || length < 0 || offset > used || length > used - offset) {
      throw new Refusal(
          Reason.BAD_HANDLE, length + " bytes at " + offset + " are not in host memory");
    }
    return (int) offset;
  }

  private int find(long handle) {
    if (handle < FIRST || handle >= used) return -1;
    int found = Arrays.binarySearch(starts, 0, blocks, (int) handle);
    return Math.max(found, -1);
  }

  private Refusal overLimit(long length) {
    return new Refusal(
        Reason.HOST_MEMORY,
        length + " bytes more would be over the limit of " + limit + " bytes of host memory");
  }
}
