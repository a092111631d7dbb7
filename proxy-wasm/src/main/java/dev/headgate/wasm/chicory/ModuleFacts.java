package dev.headgate.wasm.chicory;

import com.dylibso.chicory.wasm.WasmModule;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.util.List;
import java.util.Map;

/**
 * What can be told of a module without running it, for runtimes on other engines: they hold modules
 * to the same rules at load.
 *
 * @param exports the functions that it exports
 * @param readsInput whether it imports a function to read its input
 * @param initialPages the linear memory that it begins with, in pages of 64 KiB
 * @param mostTableElements how many elements its tables may grow to by its own declaration
 * @param runsAtStart whether it runs code of its own when it is instantiated
 */
public record ModuleFacts(
    Map<String, Signature> exports,
    boolean readsInput,
    int initialPages,
    long mostTableElements,
    boolean runsAtStart) {
  /**
   * Reads and checks a module, as {@link ChicoryRuntime} does before anything else.
   *
   * @param source the module
   * @param limits what its instances may use
   * @param functions what its instances may import
   * @return what it declares
   * @throws WasmLoadException if it is malformed, invalid, or breaks a rule
   */
  public static ModuleFacts of(ModuleSource source, WasmLimits limits, List<HostFunction> functions)
      throws WasmLoadException {
    ModuleCheck check = ModuleCheck.of(source, limits, functions);
    WasmModule module = check.module();
    Map<String, Signature> exports = check.exports();
    int pages =
        module.memorySection().stream()
            .filter(memories -> memories.memoryCount() > 0)
            .mapToInt(memories -> memories.getMemory(0).limits().initialPages())
            .sum();
    long elements = 0;
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      elements += module.tableSection().getTable(i).limits().max();
    }
    boolean starts =
        module.startSection().isPresent()
            || exports.containsKey("_initialize")
            || exports.containsKey("__wasm_call_ctors")
            || exports.containsKey("hs_init");
    return new ModuleFacts(exports, check.readsInput(), pages, elements, starts);
  }
}
