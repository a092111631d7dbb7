package dev.headgate.wasm;

import dev.headgate.api.PluginContext;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * A plugin's guests in one proxy: a pool of the generation in force, and what outlives generations,
 * the variables. Thread-safe.
 */
final class GuestPools {
  private final WasmPlugin plugin;
  private final GuestEnvironment environment;
  private volatile @Nullable InstancePool pool;
  private boolean closed;

  GuestPools(WasmPlugin plugin, PluginContext context) {
    this.plugin = plugin;
    Map<String, String> config = new HashMap<>(plugin.config());
    config.putAll(context.settings());
    this.environment =
        new GuestEnvironment(
            config, new GuestVariables(plugin.limits().variableBytes()), new Log(context.logger()));
  }

  WasmPlugin plugin() {
    return plugin;
  }

  /**
   * Calls a hook on a free instance of the generation in force.
   *
   * @return the guest's output
   * @throws WasmTrapException if no instance was free, or the guest failed
   */
  byte[] call(HookCall call, Supplier<byte[]> input) throws WasmTrapException {
    plugin.counters().called();
    try {
      while (true) {
        InstancePool.Lease lease = current().acquire();
        if (lease == null) continue; // replaced in between
        try (lease) {
          return call(lease.instance(), call, input);
        }
      }
    } catch (WasmTrapException e) {
      plugin.counters().failed(e.reason());
      throw e;
    }
  }

  private byte[] call(GuestInstance instance, HookCall call, Supplier<byte[]> input)
      throws WasmTrapException {
    try {
      return instance.call(GuestHook.export(call.hook()), input, call);
    } finally {
      plugin.counters().used(instance.fuelUsed());
    }
  }

  private InstancePool current() {
    InstancePool present = pool;
    if (present != null && present.generation() == plugin.generation()) return present;
    return renew();
  }

  private synchronized InstancePool renew() {
    if (closed) throw new IllegalStateException("the proxy has stopped");
    InstancePool present = pool;
    Generation generation = plugin.generation();
    if (present != null && present.generation() == generation) return present;
    WasmLimits limits = plugin.limits();
    InstancePool next =
        new InstancePool(generation, environment, limits.instances(), limits.deadline());
    generation.add(next);
    pool = next;
    return next;
  }

  /** After the last exchange. */
  synchronized void close() {
    closed = true;
    InstancePool present = pool;
    if (present != null) present.generation().remove(present);
  }

  private record Log(Logger logger) implements GuestEnvironment.Log {
    @Override
    public boolean enabled(Level level) {
      return logger.isEnabledForLevel(level);
    }

    @Override
    public void line(Level level, String line) {
      logger.atLevel(level).log("{}", OneLine.of(line));
    }
  }
}
