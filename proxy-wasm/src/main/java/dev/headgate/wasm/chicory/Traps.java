package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import org.jspecify.annotations.Nullable;

/** Tells from what the engine threw why a call ended. */
final class Traps {
  private Traps() {}

  /**
   * Tells the reason.
   *
   * @param late whether the watchdog ended the call
   * @param usedUp what of the module's own counters had nothing left; null for none
   */
  static Reason reason(Throwable thrown, boolean late, @Nullable Reason usedUp) {
    if (late) return Reason.DEADLINE;
    for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) return refusal.reason();
      if (cause instanceof ChicoryInterruptedException) return Reason.INTERRUPTED;
      if (cause instanceof StackOverflowError) return Reason.STACK;
    }
    if ("call stack exhausted".equals(thrown.getMessage())) return Reason.STACK;
    return usedUp == null ? Reason.TRAP : usedUp;
  }
}
