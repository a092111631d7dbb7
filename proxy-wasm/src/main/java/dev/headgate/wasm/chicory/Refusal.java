package dev.headgate.wasm.chicory;

import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.io.Serial;

/** Thrown through the guest to end its call, when it asks a host function for what it may not. */
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Why. */
  private final Reason reason;

  Refusal(Reason reason, String message) {
    super(message, null, false, false); // the place is the guest's, which a Java stack can't tell
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
