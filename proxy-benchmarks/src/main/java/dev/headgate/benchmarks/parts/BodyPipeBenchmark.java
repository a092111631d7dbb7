package dev.headgate.benchmarks.parts;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A chunk of a long response, past plugins that pass it on; the exchange is spread over many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BodyPipeBenchmark {
  private static final int CHUNKS = 4_000;

  @Param({"0", "1", "5", "20"})
  int plugins;

  private final InlineBackend backend = new InlineBackend(CHUNKS);

  /** Starts the proxy, which ends with the JVM. */
  @Setup
  public void start() {
    ChainBenchmark.proxy(backend, plugins, NoOpPlugins.Hooks.CHUNKS);
  }

  /**
   * One chunk.
   *
   * @return the bytes that came
   */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public long chunk() {
    return backend.exchange().bytes();
  }
}
