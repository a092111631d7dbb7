package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmRuntime;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Makes generations: loads a module, holds it to its hash and to the contract of guests, and starts
 * one instance to see that it starts at all.
 *
 * @param file where the module comes from; null when it was given as bytes
 * @param name for messages
 * @param sha256 the hash that the content must have; null for any
 */
record GuestLoader(
    @Nullable ModuleFile file,
    String name,
    WasmRuntime runtime,
    WasmLimits limits,
    Map<String, String> config,
    @Nullable String sha256) {
  private static final GuestEnvironment.Log SILENT =
      new GuestEnvironment.Log() {
        @Override
        public boolean enabled(Level level) {
          return false;
        }

        @Override
        public void line(Level level, String line) {}
      };

  /** Loads a content. */
  Generation load(ModuleSource source) throws WasmLoadException {
    String hash = source.sha256();
    if (sha256 != null && !sha256.equalsIgnoreCase(hash)) {
      throw new WasmLoadException(
          source.name() + ": has the SHA-256 " + hash + ", but is pinned to " + sha256);
    }
    GuestModule module = runtime.load(source, limits, HookFunctions.ALL);
    List<String> mistakes = new ArrayList<>();
    Set<Hook> hooks = GuestHook.exported(module.exports(), mistakes);
    if (!mistakes.isEmpty()) {
      module.close();
      throw new WasmLoadException(source.name() + ": " + String.join("; ", mistakes));
    }
    tryOut(module);
    if (hooks.isEmpty()) {
      module.close();
      throw new WasmLoadException(
          source.name() + ": exports no hook, but needs at least one of " + GuestHook.names());
    }
    return new Generation(module, hash, hooks, Clock.systemUTC().instant());
  }

  private void tryOut(GuestModule module) throws WasmLoadException {
    GuestVariables variables = new GuestVariables(limits.variableBytes());
    try {
      module.instantiate(new GuestEnvironment(config, variables, SILENT)).close();
    } catch (WasmTrapException e) {
      module.close();
      throw new WasmLoadException(name + ": does not start: " + e.getMessage(), e);
    }
  }
}
