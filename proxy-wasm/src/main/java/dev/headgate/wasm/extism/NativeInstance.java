package dev.headgate.wasm.extism;

import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One guest in the library. It is freed once, and never under a call. */
final class NativeInstance implements GuestInstance {
  /** What the library returns when a call ended by a trap, or by itself. */
  private static final int FAILED = -1;

  private static final int ABORTED = 134;

  /** No module exports it: to ask for it makes the library instantiate the module. */
  private static final String NO_EXPORT = "headgate: start";

  private final NativeModule module;
  private final NativeCall call;
  private final NativeLibrary.Plugin plugin;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicBoolean freed = new AtomicBoolean();
  private volatile boolean usable = true;

  NativeInstance(NativeModule module, NativeCall call, NativeLibrary.Plugin plugin) {
    this.module = module;
    this.call = call;
    this.plugin = plugin;
  }

  /** Runs what the module runs at its start; the library would do so with the first call. */
  void start() throws WasmTrapException {
    call.begin(0, null);
    boolean started = false;
    try {
      int code = plugin.call(NO_EXPORT, new byte[0]);
      Refusal refusal = call.refusal();
      String error = code == 0 ? "" : plugin.error();
      if (refusal != null) throw trap("start", refusal.reason(), refusal.getMessage());
      if (!error.contains("Function not found")) throw failure("start", FAILED, error);
      started = true;
    } finally {
      usable = started;
      call.end(started);
    }
  }

  @Override
  public byte[] call(String export, Supplier<byte[]> input, @Nullable Object exchange)
      throws WasmTrapException {
    if (!usable) throw new IllegalStateException(module.name() + ": the instance is not usable");
    Signature signature = module.exports().get(export);
    if (signature == null || !signature.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          module.name() + " exports no function " + export + " without parameters");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(module.name() + ": the instance is in use");
    }
    try {
      byte[] bytes = module.facts().readsInput() ? input.get() : new byte[0];
      return guarded(export, bytes, exchange);
    } finally {
      busy.set(false);
      if (!usable) free();
    }
  }

  private byte[] guarded(String export, byte[] input, @Nullable Object exchange)
      throws WasmTrapException {
    boolean commit = false;
    try {
      call.begin(input.length, exchange);
      if (call.refusal() == null) {
        int code = plugin.call(export, input);
        if (call.refusal() == null && code != 0) throw failure(export, code, plugin.error());
      }
      Refusal refusal = call.refusal();
      if (refusal != null) throw trap(export, refusal.reason(), refusal.getMessage());
      int length = plugin.outputLength();
      if (length > module.limits().outputBytes()) {
        String over = " bytes of output are over the limit of " + module.limits().outputBytes();
        throw trap(export, Reason.OUTPUT, length + over);
      }
      byte[] output = plugin.output();
      commit = true;
      return output;
    } finally {
      call.end(commit);
    }
  }

  /** Tells from the library's words why a call failed. */
  private WasmTrapException failure(String what, int code, String error) {
    String words = error.toLowerCase(Locale.ROOT);
    if (words.equals("timeout")) {
      return trap(
          what,
          Reason.DEADLINE,
          "took longer than " + module.limits().deadline().toMillis() + " ms");
    }
    if (words.contains("ran out of fuel")) {
      return trap(
          what, Reason.FUEL, "used up its fuel of " + module.limits().fuel() + " instructions");
    }
    if (words.equals("oom")) {
      return trap(what, Reason.HOST_MEMORY, "memory of guest and host is over its limits");
    }
    if (words.contains("call stack exhausted")) {
      return trap(what, Reason.STACK, "used up the stack of the library");
    }
    if (code == FAILED || code == ABORTED) return trap(what, Reason.TRAP, error);
    String text = error.isEmpty() ? "returned the error " + code : error;
    return new WasmTrapException(
        Reason.GUEST_ERROR, module.name() + ", " + what + ": " + text, null);
  }

  private WasmTrapException trap(String what, Reason reason, @Nullable String text) {
    usable = false;
    return new WasmTrapException(reason, module.name() + ", " + what + ": " + text, null);
  }

  /** The SDK offers no way to ask. */
  @Override
  public long fuelUsed() {
    return 0;
  }

  @Override
  public boolean usable() {
    return usable;
  }

  /** Frees it, or leaves that to the call under way, which would run in freed memory else. */
  @Override
  public void close() {
    usable = false;
    if (!busy.compareAndSet(false, true)) return;
    free();
  }

  private void free() {
    if (freed.compareAndSet(false, true)) plugin.free();
  }
}
