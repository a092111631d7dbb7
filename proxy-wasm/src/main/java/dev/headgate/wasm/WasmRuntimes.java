package dev.headgate.wasm;

import dev.headgate.wasm.chicory.ChicoryRuntime;
import dev.headgate.wasm.extism.NativeExtismRuntime;
import dev.headgate.wasm.runtime.WasmRuntime;
import java.util.Optional;

/**
 * The runtimes that come with this module. Each is one object for the whole process.
 *
 * <p>{@link #compiled()} and {@link #interpreted()} are plain Java and always there. {@link
 * #extism()} is there where {@code org.extism.sdk:extism} is on the class path and the native
 * library is installed; it is used only when it is asked for.
 */
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

  /**
   * Tells whether {@link #extism()} can be had.
   *
   * @return what is missing, for people; empty when nothing is
   */
  public static Optional<String> missingForExtism() {
    return Optional.ofNullable(NativeExtismRuntime.missing());
  }

  /**
   * Returns one on the native library of Extism. It keeps fuel and deadline; it keeps the memory of
   * guest and host together; a limit that it can't keep is refused when a module is loaded.
   *
   * @return the runtime
   * @throws IllegalStateException naming what is missing
   */
  public static WasmRuntime extism() {
    return NativeExtismRuntime.get();
  }

  /**
   * Returns a runtime by its name.
   *
   * @param name {@code compiled}, {@code interpreted} or {@code extism}
   * @return the runtime
   * @throws IllegalArgumentException if there is none of that name
   * @throws IllegalStateException if there is, but something of it is missing
   */
  public static WasmRuntime named(String name) {
    return switch (name) {
      case "compiled" -> compiled();
      case "interpreted" -> interpreted();
      case "extism" -> extism();
      default ->
          throw new IllegalArgumentException(
              "runtime must be compiled, interpreted or extism, but was '" + name + "'");
    };
  }
}
