package dev.headgate.wasm;

import dev.headgate.wasm.chicory.ChicoryRuntime;
import dev.headgate.wasm.runtime.WasmRuntime;

/** The runtimes that come with this module. Each is one object for the whole process. */
public final class WasmRuntimes {
  private static final WasmRuntime COMPILED = new ChicoryRuntime(true);
  private static final WasmRuntime INTERPRETED = new ChicoryRuntime(false);

  private WasmRuntimes() {}

  /**
   * Returns the default: guests are compiled to byte code when they are loaded.
   *
   * @return the runtime
   */
  public static WasmRuntime compiled() {
    return COMPILED;
  }

  /**
   * Returns one that interprets guests: ten to a hundred times slower, but it makes no classes.
   *
   * @return the runtime
   */
  public static WasmRuntime interpreted() {
    return INTERPRETED;
  }
}
