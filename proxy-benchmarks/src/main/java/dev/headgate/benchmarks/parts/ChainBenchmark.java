package dev.headgate.benchmarks.parts;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.core.spi.EngineOptions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole exchange without a body, past plugins that override no hook, or both of the heads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ChainBenchmark {
  @Param({"0", "1", "5", "20"})
  int plugins;

  @Param({"NONE", "HEADS"})
  NoOpPlugins.Hooks hooks = NoOpPlugins.Hooks.NONE;

  private final InlineBackend backend = new InlineBackend(0);

  /** Starts the proxy, which ends with the JVM. */
  @Setup
  public void start() {
    proxy(backend, plugins, hooks);
  }

  static Proxy proxy(InlineBackend backend, int plugins, NoOpPlugins.Hooks hooks) {
    ProxyEngine engine = ProxyEngine.start(backend, EngineOptions.defaults());
    ProxyBuilder proxy = Proxy.builder().engine(engine).route("/**", "http://127.0.0.1:3");
    return NoOpPlugins.in(proxy, plugins, hooks).start();
  }

  /**
   * One exchange.
   *
   * @return its status
   */
  @Benchmark
  public int exchange() {
    return backend.exchange().status();
  }
}
