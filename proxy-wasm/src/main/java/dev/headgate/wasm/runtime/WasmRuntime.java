package dev.headgate.wasm.runtime;

import java.util.List;

/**
 * Loads modules that speak the Extism ABI. Thread-safe; one runtime may serve any number of
 * plugins.
 *
 * <p>A guest has what its host functions give it, its configuration and its variables: no file
 * system, no network, no environment, no arguments.
 */
public interface WasmRuntime {
  /**
   * Returns a name for logs.
   *
   * @return for example {@code chicory (compiled)}
   */
  String name();

  /**
   * Reads, checks and prepares a module. Takes tens of milliseconds: not for threads that serve
   * requests.
   *
   * @param source the module
   * @param limits what its instances may use
   * @param functions what its instances may import from {@code extism:host/user}
   * @return the module; the caller closes it
   * @throws WasmLoadException if it is over its size, malformed, invalid, or imports what is not
   *     offered; the message names the module and the symbol
   */
  GuestModule load(ModuleSource source, WasmLimits limits, List<HostFunction> functions)
      throws WasmLoadException;
}
