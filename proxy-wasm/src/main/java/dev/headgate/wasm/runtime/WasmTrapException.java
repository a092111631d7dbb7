package dev.headgate.wasm.runtime;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call of a guest did not end well. Nothing that the call did has an effect. */
public final class WasmTrapException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** The guest returned an error, with its own message. The instance stays usable. */
    GUEST_ERROR,
    /** The guest executed more instructions than {@link WasmLimits#fuel()}. */
    FUEL,
    /** The call took longer than its deadline. */
    DEADLINE,
    /** The guest's calls were nested deeper than {@link WasmLimits#callDepth()}. */
    CALL_DEPTH,
    /** The guest used up the stack of its thread, within its depth of calls. */
    STACK,
    /** The guest asked for more host memory than {@link WasmLimits#hostMemoryBytes()}. */
    HOST_MEMORY,
    /** The guest's variables are over {@link WasmLimits#variableBytes()}. */
    VARIABLES,
    /** The guest's output is over {@link WasmLimits#outputBytes()}. */
    OUTPUT,
    /** The guest gave a handle or range to a host function that is not its own. */
    BAD_HANDLE,
    /** The guest asked for what is never given, such as the network. */
    REFUSED,
    /** No instance was free in time. */
    EXHAUSTED,
    /** The calling thread was interrupted by somebody else. */
    INTERRUPTED,
    /** Any other trap: unreachable code, memory out of bounds, a division by zero. */
    TRAP
  }

  /** Why. */
  private final Reason reason;

  /**
   * Makes one.
   *
   * @param reason why
   * @param message names the module and the export
   * @param cause the engine's own exception, or null
   */
  public WasmTrapException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * Returns why.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
