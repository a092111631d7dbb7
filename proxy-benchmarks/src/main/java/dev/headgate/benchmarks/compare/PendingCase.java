package dev.headgate.benchmarks.compare;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A place in the tables for what the proxy does not speak yet.
 *
 * @param name its name
 * @param title what it is
 */
record PendingCase(String name, String title) implements Case {
  static final String WHY = "not yet";

  @Override
  public Origin origin() {
    return Origin.STREAMS;
  }

  @Override
  public List<Figure> columns() {
    return List.of();
  }

  @Override
  public void warmUp(Subject subject, Duration time) {}

  @Override
  public Map<Figure, Double> measure(Subject subject, Duration time) {
    return Map.of();
  }
}
