package dev.headgate.benchmarks.parts;

import dev.headgate.wasm.runtime.WasmLoadException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Processor time of a guest's hook call beside that of an equal plugin in Java, which {@link
 * GuestBenchmark} describes. Unlike elapsed time it says the same on a busy machine: the three take
 * turns in one process, and medians of many rounds are shown.
 */
public final class GuestCost {
  private static final int EXCHANGES = 20_000;
  private static final int WARM_UP = 15;
  private static final int ROUNDS = 31;

  /** The guest and the plugin change the heads of the request and of the response. */
  private static final int HOOK_CALLS = 2;

  private GuestCost() {}

  /**
   * Measures, and prints a table.
   *
   * @param args none
   * @throws WasmLoadException if the guest is not there
   */
  public static void main(String[] args) throws WasmLoadException {
    Map<GuestBenchmark.Plugin, GuestBenchmark> proxies = new EnumMap<>(GuestBenchmark.Plugin.class);
    Map<GuestBenchmark.Plugin, long[]> nanos = new EnumMap<>(GuestBenchmark.Plugin.class);
    for (GuestBenchmark.Plugin plugin : GuestBenchmark.Plugin.values()) {
      GuestBenchmark proxy = new GuestBenchmark();
      proxy.plugin = plugin;
      proxy.start();
      proxies.put(plugin, proxy);
      nanos.put(plugin, new long[ROUNDS]);
    }
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (Map.Entry<GuestBenchmark.Plugin, GuestBenchmark> each : proxies.entrySet()) {
        long took = round(each.getValue());
        if (round >= 0) of(nanos, each.getKey())[round] = took / EXCHANGES;
      }
    }
    double none = median(of(nanos, GuestBenchmark.Plugin.NONE));
    System.out.println("plugin  CPU ns per exchange  CPU us per hook call");
    nanos.forEach(
        (plugin, all) ->
            System.out.printf(
                "%-6s  %19.0f  %20.2f%n",
                plugin, median(all), (median(all) - none) / HOOK_CALLS / 1000));
    System.exit(0); // the engine's threads stay
  }

  private static long[] of(Map<GuestBenchmark.Plugin, long[]> nanos, GuestBenchmark.Plugin plugin) {
    return Objects.requireNonNull(nanos.get(plugin));
  }

  private static long round(GuestBenchmark proxy) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    int statuses = 0;
    for (int i = 0; i < EXCHANGES; i++) statuses += proxy.exchange();
    long took = threads.getCurrentThreadCpuTime() - before;
    if (statuses != 200 * EXCHANGES) throw new IllegalStateException("an exchange failed");
    return took;
  }

  private static double median(long[] values) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
