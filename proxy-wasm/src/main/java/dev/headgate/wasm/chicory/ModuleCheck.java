package dev.headgate.wasm.chicory;

import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.Import;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.MemorySection;
import com.dylibso.chicory.wasm.types.ValType;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a module must keep to before anything of it runs: it imports functions that are offered and
 * nothing else, and declares no more memory than it may have. All mistakes are told at once.
 */
final class ModuleCheck {
  private final String name;
  private final WasmModule module;
  private final WasmLimits limits;
  private final Map<String, Signature> offered;
  private final List<String> mistakes = new ArrayList<>();

  private ModuleCheck(
      String name, WasmModule module, WasmLimits limits, List<HostFunction> functions) {
    this.name = name;
    this.module = module;
    this.limits = limits;
    this.offered = Imports.signatures(functions);
  }

  /** Parses, validates and checks a module. */
  static ModuleCheck of(ModuleSource source, WasmLimits limits, List<HostFunction> functions)
      throws WasmLoadException {
    int size = source.bytes().length;
    if (size > limits.moduleBytes()) {
      throw new WasmLoadException(
          String.format(
              "%s: %d bytes are over the limit of %d for a module",
              source.name(), size, limits.moduleBytes()));
    }
    ModuleCheck check = new ModuleCheck(source.name(), parse(source), limits, functions);
    check.run();
    return check;
  }

  private static WasmModule parse(ModuleSource source) throws WasmLoadException {
    try {
      return Parser.parse(source.bytes());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // A malformed module can make the parser throw anything: it trusts counts and nesting.
      throw new WasmLoadException(
          source.name() + ": is no valid WebAssembly module: " + e.getMessage(), e);
    }
  }

  WasmModule module() {
    return module;
  }

  private void run() throws WasmLoadException {
    for (int i = 0; i < module.importSection().importCount(); i++) {
      checkImport(module.importSection().getImport(i));
    }
    module.memorySection().ifPresent(this::checkMemory);
    long elements = 0;
    for (int i = 0; i < module.tableSection().tableCount(); i++) {
      elements += module.tableSection().getTable(i).limits().min();
    }
    if (elements > limits.tableElements()) {
      mistakes.add(
          "declares " + elements + " table elements, but may have " + limits.tableElements());
    }
    // Objects of the GC proposal and exceptions live on the Java heap, where no limit holds them.
    for (int i = 0; i < module.typeSection().subTypeCount(); i++) {
      if (module.typeSection().getSubType(i).compType().funcType() == null) {
        mistakes.add("declares type " + i + " of the GC proposal, which is not supported");
      }
    }
    module
        .tagSection()
        .filter(tags -> tags.tagCount() > 0)
        .ifPresent(tags -> mistakes.add("declares exceptions, which are not supported"));
    if (!mistakes.isEmpty()) {
      throw new WasmLoadException(name + ": " + String.join("; ", mistakes));
    }
  }

  /** Returns the functions that the module exports, by name. */
  Map<String, Signature> exports() {
    Map<String, Signature> found = new LinkedHashMap<>();
    for (int i = 0; i < module.exportSection().exportCount(); i++) {
      Export export = module.exportSection().getExport(i);
      if (export.exportType() == ExternalType.FUNCTION) {
        found.put(export.name(), signature(functionType(export.index())));
      }
    }
    return Map.copyOf(found);
  }

  /** Returns whether the module can read its input at all. */
  boolean readsInput() {
    return module.importSection().stream()
        .anyMatch(found -> found.name().startsWith(ExtismFunctions.INPUT));
  }

  private void checkImport(Import found) {
    String symbol = found.module() + "." + found.name();
    if (!(found instanceof FunctionImport function)) {
      mistakes.add("imports " + symbol + ", which is no function");
      return;
    }
    Signature expected = offered.get(symbol);
    Signature actual = signature(type(function.typeIndex()));
    if (expected == null) {
      mistakes.add("imports " + symbol + ", which this host does not offer" + hint(found.name()));
    } else if (!expected.equals(actual)) {
      mistakes.add("imports " + symbol + " as " + actual + ", but it is " + expected);
    }
  }

  /** A guest built with another module name for the same function gets a better message. */
  private String hint(String function) {
    return offered.keySet().stream()
        .filter(symbol -> symbol.endsWith("." + function))
        .findFirst()
        .map(symbol -> " (but " + symbol + ")")
        .orElse("");
  }

  private void checkMemory(MemorySection memories) {
    if (memories.memoryCount() > 1) {
      mistakes.add("declares " + memories.memoryCount() + " memories, but may have 1");
    }
    for (int i = 0; i < memories.memoryCount(); i++) {
      MemoryLimits memory = memories.getMemory(i).limits();
      if (memory.shared()) mistakes.add("declares shared memory, which is not supported");
      if (memory.initialPages() > limits.memoryPages()) {
        mistakes.add(
            String.format(
                "declares %d pages of memory, but may have %d",
                memory.initialPages(), limits.memoryPages()));
      }
    }
  }

  private FunctionType functionType(int index) {
    int imported = 0;
    for (int i = 0; i < module.importSection().importCount(); i++) {
      if (module.importSection().getImport(i) instanceof FunctionImport function) {
        if (imported == index) return type(function.typeIndex());
        imported++;
      }
    }
    return type(module.functionSection().getFunctionType(index - imported));
  }

  private FunctionType type(int index) {
    @Nullable FunctionType type = module.typeSection().getSubType(index).compType().funcType();
    return type == null ? FunctionType.empty() : type;
  }

  private static Signature signature(FunctionType type) {
    return new Signature(names(type.params()), names(type.returns()));
  }

  private static List<String> names(List<ValType> types) {
    return types.stream().map(ModuleCheck::name).toList();
  }

  private static String name(ValType type) {
    if (type.equals(ValType.I32)) return "i32";
    if (type.equals(ValType.I64)) return "i64";
    if (type.equals(ValType.F32)) return "f32";
    if (type.equals(ValType.F64)) return "f64";
    return type.toString();
  }
}
