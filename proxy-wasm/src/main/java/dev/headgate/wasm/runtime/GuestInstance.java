package dev.headgate.wasm.runtime;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A guest with a memory of its own. One thread's at a time, which need not be the same from call to
 * call. Once {@link #usable()} is false it can only be closed.
 */
public interface GuestInstance extends AutoCloseable {
  /**
   * Calls an exported function without parameters, under fuel and deadline. Variables that it set
   * are kept, and what it logged is passed on, when this returns; when it throws, variables are as
   * before the call.
   *
   * @param export the function's name
   * @param input makes the input; asked at most once, before the call, and only if the module
   *     imports a function to read it
   * @param exchange what host functions find in {@link HostCall#exchange()}; null for nothing
   * @return the output; empty when the guest set none
   * @throws WasmTrapException if the guest trapped, was stopped, or returned an error
   * @throws IllegalStateException if the instance is in use by another thread, or not usable
   */
  byte[] call(String export, Supplier<byte[]> input, @Nullable Object exchange)
      throws WasmTrapException;

  /**
   * Returns what the last call, or the start before the first, used up of its fuel.
   *
   * @return instructions, as coarse as {@link WasmLimits#fuel()}; 0 where the runtime can't tell
   */
  long fuelUsed();

  /**
   * Returns whether the instance may be called again: false after any trap, since its memory may be
   * in any state then.
   *
   * @return whether {@link #call} may be called
   */
  boolean usable();

  /** Gives back what the instance holds. May be called again. */
  @Override
  void close();
}
