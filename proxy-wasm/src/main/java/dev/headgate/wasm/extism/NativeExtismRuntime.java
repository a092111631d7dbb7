package dev.headgate.wasm.extism;

import dev.headgate.wasm.chicory.ModuleFacts;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmRuntime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs guests on libextism, the native library of Extism, which runs them on Wasmtime. It needs
 * {@code org.extism.sdk:extism} on the class path and the library where JNA finds it.
 *
 * <p>Modules are held to the same rules at load as by the default runtime. The library keeps fuel
 * and deadline; linear memory and host memory it keeps together, and a guest that asks for more is
 * stopped rather than told so. Log lines and variables are kept here, in place of its own. What it
 * can't keep is refused at load, with the name of the limit.
 */
public final class NativeExtismRuntime implements WasmRuntime {
  /** What runs at the start is under no deadline of the library's: fuel has to be short. */
  private static final long MOST_FUEL_AT_START = 1_000_000_000;

  private final NativeLibrary library;

  NativeExtismRuntime(NativeLibrary library) {
    this.library = library;
  }

  /** Loaded once: a class that failed to load says why at its first use only. */
  private static final class Loaded {
    private static final @Nullable NativeExtismRuntime RUNTIME;
    private static final String FAILURE;

    static {
      NativeExtismRuntime runtime = null;
      String failure = "";
      try {
        NativeLibrary library = new SdkLibrary();
        library.version();
        runtime = new NativeExtismRuntime(library);
      } catch (NoClassDefFoundError e) {
        failure = "org.extism.sdk:extism is not on the class path (" + e.getMessage() + ")";
      } catch (LinkageError e) {
        failure = "libextism can't be loaded (" + firstLine(e) + ")";
      }
      RUNTIME = runtime;
      FAILURE = failure;
    }

    private static String firstLine(Throwable failure) {
      return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
  }

  /**
   * Tells why this runtime can't be had.
   *
   * @return what is missing; null when nothing is
   */
  public static @Nullable String missing() {
    return Loaded.RUNTIME == null ? Loaded.FAILURE : null;
  }

  /**
   * Returns the runtime.
   *
   * @return the same object each time
   * @throws IllegalStateException naming what is missing
   */
  public static NativeExtismRuntime get() {
    NativeExtismRuntime runtime = Loaded.RUNTIME;
    if (runtime != null) return runtime;
    throw new IllegalStateException("the runtime 'extism' can't be had: " + Loaded.FAILURE);
  }

  @Override
  public String name() {
    return "extism (native, " + library.version() + ")";
  }

  @Override
  public GuestModule load(ModuleSource source, WasmLimits limits, List<HostFunction> functions)
      throws WasmLoadException {
    ModuleFacts facts = ModuleFacts.of(source, limits, functions);
    List<String> mistakes = notKept(facts, limits);
    if (!mistakes.isEmpty()) {
      throw new WasmLoadException(source.name() + ": " + String.join("; ", mistakes));
    }
    NativeModule module = new NativeModule(library, source, facts, limits, functions);
    module.tryOut();
    return module;
  }

  private static List<String> notKept(ModuleFacts facts, WasmLimits limits) {
    List<String> mistakes = new ArrayList<>();
    if (limits.callDepth() != WasmLimits.defaults().callDepth()) {
      mistakes.add(
          "libextism can't keep callDepth, which was set to "
              + limits.callDepth()
              + "; its stack of 512 KiB ends recursion");
    }
    if (facts.mostTableElements() > limits.tableElements()) {
      mistakes.add(
          String.format(
              "declares tables of up to %d elements; libextism can't stop them from growing beyond"
                  + " tableElements, which is %d",
              facts.mostTableElements(), limits.tableElements()));
    }
    if (facts.runsAtStart() && limits.fuel() > MOST_FUEL_AT_START) {
      mistakes.add(
          String.format(
              "runs code at its start, where libextism keeps no deadline; fuel must be %d at most,"
                  + " but was %d",
              MOST_FUEL_AT_START, limits.fuel()));
    }
    return mistakes;
  }
}
