package dev.headgate.wasm.chicory;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.InterpreterMachine;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmRuntime;
import java.util.List;
import java.util.function.Function;

/**
 * Runs guests on Chicory, compiled to byte code when they are loaded, or interpreted.
 *
 * <p>Loading goes: size, parse and validate, check imports and memory, add the counters, parse
 * again, compile. What the guest's author wrote is validated before anything is added to it.
 */
public final class ChicoryRuntime implements WasmRuntime {
  private final boolean compiled;
  private final Watchdog watchdog = new Watchdog();

  /**
   * Makes a runtime.
   *
   * @param compiled whether to compile; else guests are interpreted, ten to a hundred times slower
   */
  public ChicoryRuntime(boolean compiled) {
    this.compiled = compiled;
  }

  @Override
  public String name() {
    return compiled ? "chicory (compiled)" : "chicory (interpreted)";
  }

  @Override
  public GuestModule load(ModuleSource source, WasmLimits limits, List<HostFunction> functions)
      throws WasmLoadException {
    ModuleCheck check = ModuleCheck.of(source, limits, functions);
    try {
      MeterRewriter.Metered metered = MeterRewriter.rewrite(source.bytes(), check.module(), limits);
      WasmModule module = Parser.parse(metered.bytes());
      return new ChicoryModule(
          source.name(),
          module,
          machine(module),
          metered.fuelGlobal(),
          metered.depthGlobal(),
          limits,
          functions,
          check.exports(),
          check.readsInput(),
          watchdog);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new WasmLoadException(source.name() + ": can't be prepared: " + e, e);
    }
  }

  private Function<Instance, Machine> machine(WasmModule module) {
    if (!compiled) return InterpreterMachine::new;
    // A function too large for a Java method is interpreted, under the same limits.
    return MachineFactoryCompiler.builder(module)
        .withInterpreterFallback(InterpreterFallback.SILENT)
        .compile();
  }
}
