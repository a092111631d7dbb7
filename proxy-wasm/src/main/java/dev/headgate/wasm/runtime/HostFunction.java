package dev.headgate.wasm.runtime;

import java.util.Objects;

/**
 * A function that guests may import from {@code extism:host/user}. All parameters and the result
 * are {@code i64}, numbers or handles.
 *
 * @param name its name
 * @param parameters how many parameters it has
 * @param returns whether it has a result
 * @param body what it does
 */
public record HostFunction(String name, int parameters, boolean returns, Body body) {
  /**
   * Checks that nothing is null.
   *
   * @param name its name
   * @param parameters how many parameters it has
   * @param returns whether it has a result
   * @param body what it does
   */
  public HostFunction {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(body, "body");
    if (parameters < 0) {
      throw new IllegalArgumentException("parameters must be 0 or more, but was " + parameters);
    }
  }

  /** What a host function does. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs on the guest's stack, which may be nearly exhausted: it should keep what it is told with
     * the exchange and act after the call. What it throws ends the call.
     *
     * @param call the call that this is part of
     * @param arguments as many as declared
     * @return the result; ignored where none is declared
     */
    long call(HostCall call, long[] arguments);
  }
}
