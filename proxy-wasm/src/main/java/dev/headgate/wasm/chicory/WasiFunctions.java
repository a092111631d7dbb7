package dev.headgate.wasm.chicory;

import dev.headgate.wasm.chicory.Imports.Body;
import dev.headgate.wasm.chicory.Imports.Offer;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/**
 * What standard libraries import from WASI preview 1, for a guest without arguments, environment,
 * files and sockets: what it writes to standard streams is dropped, the clock tells the time,
 * random numbers are random, and all else fails with the error that WASI has for it. Nothing waits.
 */
final class WasiFunctions {
  private static final String WASI = "wasi_snapshot_preview1";
  private static final int SUCCESS = 0;
  private static final int BADF = 8;
  private static final int INVAL = 28;
  private static final int NOSYS = 52;
  private static final int MAX_VECTORS = 1024;
  private static final int MAX_RANDOM = 64 * 1024;
  private static final SecureRandom RANDOM = new SecureRandom();

  static final List<Offer> OFFERS =
      List.of(
          offer("args_get", "ii", (c, m, a) -> code(SUCCESS)),
          offer("args_sizes_get", "ii", (c, m, a) -> noStrings(m, a)),
          offer("environ_get", "ii", (c, m, a) -> code(SUCCESS)),
          offer("environ_sizes_get", "ii", (c, m, a) -> noStrings(m, a)),
          offer("clock_res_get", "ii", (c, m, a) -> put(m, a[1], 1_000)),
          offer("clock_time_get", "iIi", (c, m, a) -> clock(m, a)),
          offer("random_get", "ii", (c, m, a) -> random(m, a)),
          offer("sched_yield", "", (c, m, a) -> code(SUCCESS)),
          offer("proc_raise", "i", (c, m, a) -> code(NOSYS)),
          offer("fd_write", "iiii", (c, m, a) -> write(m, a)),
          offer("fd_read", "iiii", (c, m, a) -> code(BADF)),
          offer("fd_pread", "iiIi", (c, m, a) -> code(BADF)),
          offer("fd_pwrite", "iiIi", (c, m, a) -> code(BADF)),
          offer("fd_close", "i", (c, m, a) -> code(BADF)),
          offer("fd_seek", "iIii", (c, m, a) -> code(BADF)),
          offer("fd_tell", "ii", (c, m, a) -> code(BADF)),
          offer("fd_sync", "i", (c, m, a) -> code(BADF)),
          offer("fd_datasync", "i", (c, m, a) -> code(BADF)),
          offer("fd_advise", "iIIi", (c, m, a) -> code(BADF)),
          offer("fd_allocate", "iII", (c, m, a) -> code(BADF)),
          offer("fd_readdir", "iiiIi", (c, m, a) -> code(BADF)),
          offer("fd_renumber", "ii", (c, m, a) -> code(BADF)),
          offer("fd_fdstat_get", "ii", (c, m, a) -> code(BADF)),
          offer("fd_fdstat_set_flags", "ii", (c, m, a) -> code(BADF)),
          offer("fd_fdstat_set_rights", "iII", (c, m, a) -> code(BADF)),
          offer("fd_filestat_get", "ii", (c, m, a) -> code(BADF)),
          offer("fd_filestat_set_size", "iI", (c, m, a) -> code(BADF)),
          offer("fd_filestat_set_times", "iIIi", (c, m, a) -> code(BADF)),
          offer("fd_prestat_get", "ii", (c, m, a) -> code(BADF)),
          offer("fd_prestat_dir_name", "iii", (c, m, a) -> code(BADF)),
          offer("path_create_directory", "iii", (c, m, a) -> code(BADF)),
          offer("path_filestat_get", "iiiii", (c, m, a) -> code(BADF)),
          offer("path_filestat_set_times", "iiiiIIi", (c, m, a) -> code(BADF)),
          offer("path_link", "iiiiiii", (c, m, a) -> code(BADF)),
          offer("path_open", "iiiiiIIii", (c, m, a) -> code(BADF)),
          offer("path_readlink", "iiiiii", (c, m, a) -> code(BADF)),
          offer("path_remove_directory", "iii", (c, m, a) -> code(BADF)),
          offer("path_rename", "iiiiii", (c, m, a) -> code(BADF)),
          offer("path_symlink", "iiiii", (c, m, a) -> code(BADF)),
          offer("path_unlink_file", "iii", (c, m, a) -> code(BADF)),
          offer("poll_oneoff", "iiii", (c, m, a) -> code(NOSYS)),
          offer("sock_accept", "iii", (c, m, a) -> code(BADF)),
          offer("sock_recv", "iiiiii", (c, m, a) -> code(BADF)),
          offer("sock_send", "iiiii", (c, m, a) -> code(BADF)),
          offer("sock_shutdown", "ii", (c, m, a) -> code(BADF)),
          new Offer(
              WASI, "proc_exit", new Signature(List.of("i32"), List.of()), (c, m, a) -> exit(a)));

  private WasiFunctions() {}

  /** {@code i} stands for i32, {@code I} for i64; all results are an error number. */
  private static Offer offer(String name, String parameters, Body body) {
    List<String> types = parameters.chars().mapToObj(c -> c == 'i' ? "i32" : "i64").toList();
    return new Offer(WASI, name, new Signature(types, List.of("i32")), body);
  }

  private static long[] code(int number) {
    return new long[] {number};
  }

  private static long[] put(GuestMemory memory, long address, long value) {
    memory.writeLong((int) address, value);
    return code(SUCCESS);
  }

  private static long[] noStrings(GuestMemory memory, long[] arguments) {
    memory.writeInt((int) arguments[0], 0);
    memory.writeInt((int) arguments[1], 0);
    return code(SUCCESS);
  }

  private static long[] clock(GuestMemory memory, long[] arguments) {
    Instant now = Instant.now();
    long nanos =
        (int) arguments[0] == 0
            ? now.getEpochSecond() * 1_000_000_000L + now.getNano()
            : System.nanoTime();
    return put(memory, arguments[2], nanos);
  }

  private static long[] random(GuestMemory memory, long[] arguments) {
    int length = (int) arguments[1];
    if (length < 0 || length > MAX_RANDOM) return code(INVAL);
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    memory.write((int) arguments[0], bytes);
    return code(SUCCESS);
  }

  /** Says that all was written; a guest that wants to be heard logs. */
  private static long[] write(GuestMemory memory, long[] arguments) {
    int descriptor = (int) arguments[0];
    int count = (int) arguments[2];
    if (descriptor != 1 && descriptor != 2) return code(BADF);
    if (count < 0 || count > MAX_VECTORS) return code(INVAL);
    int written = 0;
    for (int i = 0; i < count; i++) written += memory.readInt((int) arguments[1] + 8 * i + 4);
    memory.writeInt((int) arguments[3], written);
    return code(SUCCESS);
  }

  private static long[] exit(long[] arguments) {
    throw new Refusal(Reason.TRAP, "the guest ended itself by proc_exit(" + arguments[0] + ")");
  }
}
