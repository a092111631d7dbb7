package dev.headgate.benchmarks.parts;

import dev.headgate.core.http.HeaderList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A list of twelve fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HeadersBenchmark {
  private static final int FIELDS = 12;

  private final HeaderList headers = new HeaderList();

  /** Fills the list. */
  public HeadersBenchmark() {
    for (int i = 0; i < FIELDS; i++) headers.append("X-Field-" + i, "value-" + i);
  }

  /**
   * Finds the last one, in another case than it was written.
   *
   * @return its value
   */
  @Benchmark
  public @Nullable String get() {
    return headers.get("x-field-11");
  }

  /**
   * Copies the list and changes a field, as a plugin makes an exchange do.
   *
   * @return the copy
   */
  @Benchmark
  public HeaderList copyAndSet() {
    HeaderList copy = headers.copy();
    copy.set("X-Field-6", "other");
    return copy;
  }
}
