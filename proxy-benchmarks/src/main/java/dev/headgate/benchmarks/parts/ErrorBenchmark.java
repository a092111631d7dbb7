package dev.headgate.benchmarks.parts;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.error.ErrorRenderer;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An error as a client sees it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ErrorBenchmark {
  private static final String ID = "c933c4a0-8fff-4ea1-9e4a-22502efe6109";

  private final ErrorRenderer renderer = new ErrorRenderer("headgate", true);
  private final ProxyError error =
      new UpstreamFault(
          ErrorCode.CONNECT_TIMEOUT, Phase.CONNECT, "The upstream took too long.", true, null);
  private final Instant time = Instant.parse("2026-01-01T00:00:00Z");

  /**
   * Renders it.
   *
   * @return the response
   */
  @Benchmark
  public DirectResponse render() {
    return renderer.render(error, ID, time);
  }
}
