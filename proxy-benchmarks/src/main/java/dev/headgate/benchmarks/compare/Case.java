package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A kind of load. */
interface Case {
  String name();

  /** Says what it is, for a reader of the table. */
  String title();

  /** Which upstream it needs. */
  Origin origin();

  /** How the peers are spoken to. */
  default Way way() {
    return Way.PLAIN;
  }

  /**
   * Whether each peer is started anew for it, and measured once: for what a process's past hides.
   */
  default boolean fresh() {
    return false;
  }

  /** Figures of the table, in its order. */
  List<Figure> columns();

  /** Runs it unmeasured, so that a JVM has compiled what it needs. */
  void warmUp(Subject subject, Duration time) throws IOException, InterruptedException;

  /** Runs it once. A figure that does not apply is left out. */
  Map<Figure, Double> measure(Subject subject, Duration time)
      throws IOException, InterruptedException;
}
