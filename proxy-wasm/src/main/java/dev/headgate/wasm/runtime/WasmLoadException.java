package dev.headgate.wasm.runtime;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A module can't be used. The message names the module, the symbol and what was expected. */
public final class WasmLoadException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param message names the module, the symbol and what was expected
   */
  public WasmLoadException(String message) {
    super(message);
  }

  /**
   * Makes one with a cause.
   *
   * @param message names the module, the symbol and what was expected
   * @param cause the cause, or null
   */
  public WasmLoadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
