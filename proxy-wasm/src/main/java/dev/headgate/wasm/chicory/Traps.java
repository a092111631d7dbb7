package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import org.jspecify.annotations.Nullable;

/** Tells from what the engine threw why a call ended. */
final class Traps {
  private Traps() {}

  static Reason reason(Throwable thrown, boolean late, boolean outOfFuel) {
    if (late) return Reason.DEADLINE;
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) return refusal.reason();
      if (cause instanceof ChicoryInterruptedException) return Reason.INTERRUPTED;
      if (cause instanceof StackOverflowError) return Reason.STACK;
    }
    if ("call stack exhausted".equals(thrown.getMessage())) return Reason.STACK;
    return outOfFuel ? Reason.FUEL : Reason.TRAP;
  }
}
