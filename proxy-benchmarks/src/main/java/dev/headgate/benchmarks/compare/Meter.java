package dev.headgate.benchmarks.compare;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The processor time of a process from the meter's making on. */
final class Meter {
  private static final double KIB_PER_MIB = 1024;

  private final @Nullable Running process;
  private final double before;

  private Meter(@Nullable Running process) {
    this.process = process;
    this.before = process == null ? 0 : Usage.of(process.process()).cpuMicros();
  }

  /** A meter for no process reads 0. */
  static Meter of(@Nullable Running process) {
    return new Meter(process);
  }

  double cpuMicros() {
    return process == null ? 0 : Usage.of(process.process()).cpuMicros() - before;
  }

  /** Adds what the process holds now. */
  void addState(Map<Figure, Double> figures) {
    if (process == null) return;
    Usage now = Usage.of(process.process());
    figures.put(Figure.RSS_MIB, now.residentKib() / KIB_PER_MIB);
    figures.put(Figure.THREADS, (double) now.threads());
  }
}
