package dev.headgate.wasm.extism;

import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.io.Serial;

/** A function of the host does not do what the guest asked for; its call must end. */
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
