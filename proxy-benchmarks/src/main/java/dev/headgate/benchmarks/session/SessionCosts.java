package dev.headgate.benchmarks.session;

import dev.headgate.Proxy;
import dev.headgate.ProxyEngine;
import dev.headgate.benchmarks.peers.FivePlugins;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The command that measures what a proxy costs beside its traffic. */
public final class SessionCosts {
  private static final int PROXIES = 1_000;
  private static final int WARM_UP = 200;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_KIB = 1024;

  private SessionCosts() {}

  /**
   * Measures and prints.
   *
   * @param args not used
   * @throws IOException if a process can't be started
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (ProxyEngine engine = ProxyEngine.start(EngineOptions.defaults())) {
      many(engine);
    }
    ColdStart.measure(System.out);
    System.exit(0);
  }

  private static void many(ProxyEngine engine) {
    stop(start(engine, WARM_UP));
    long heap = heap();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    long begin = System.nanoTime();
    List<Proxy> proxies = start(engine, PROXIES);
    double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI / PROXIES;
    double kib = (heap() - heap) / BYTES_PER_KIB / PROXIES;
    int further = ManagementFactory.getThreadMXBean().getThreadCount() - threads;
    System.out.printf(
        Locale.ROOT,
        "%d proxies with five plugins on one engine: %.2f ms and %.1f KiB of heap each,"
            + " %d threads more in all%n",
        PROXIES,
        millis,
        kib,
        further);
    stop(proxies);
  }

  private static List<Proxy> start(ProxyEngine engine, int count) {
    List<Proxy> proxies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      proxies.add(
          FivePlugins.in(Proxy.builder().engine(engine).route("/**", "http://127.0.0.1:9"))
              .start());
    }
    return proxies;
  }

  private static void stop(List<Proxy> proxies) {
    proxies.forEach(Proxy::close);
  }

  private static long heap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    // Twice: the first run may only find what the second one can drop.
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
