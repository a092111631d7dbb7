package dev.headgate.wasm.runtime;

import java.util.Map;

/** A module that was loaded and checked, from which instances are made. Thread-safe. */
public interface GuestModule extends AutoCloseable {
  /**
   * Returns the functions that the module exports.
   *
   * @return an immutable map of signatures by name
   */
  Map<String, Signature> exports();

  /**
   * Makes an instance and runs its start section and {@code _initialize}, within {@link
   * WasmLimits#startDeadline()}.
   *
   * @param environment what the instance gets
   * @return a new instance; the caller closes it
   * @throws WasmTrapException if it trapped, or took too long
   */
  GuestInstance instantiate(GuestEnvironment environment) throws WasmTrapException;

  /** Gives back what the module holds; instances stay usable. May be called again. */
  @Override
  void close();
}
