package dev.headgate.wasm.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A module that was checked, metered and, perhaps, compiled. */
record ChicoryModule(
    String name,
    WasmModule module,
    Function<Instance, Machine> machine,
    int fuelGlobal,
    int depthGlobal,
    WasmLimits limits,
    List<HostFunction> functions,
    Map<String, Signature> exports,
    boolean readsInput,
    Watchdog watchdog)
    implements GuestModule {
  @Override
  public GuestInstance instantiate(GuestEnvironment environment) throws WasmTrapException {
    ChicoryInstance instance = new ChicoryInstance(this, environment);
    try {
      instance.start();
      return instance;
    } catch (WasmTrapException e) {
      instance.close();
      throw e;
    }
  }

  @Override
  public void close() {
    // Classes and module go with the last reference.
  }
}
