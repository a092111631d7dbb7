package dev.headgate.plugins.metrics;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A running sum over deltas; its size depends on the number of counter names only. Not thread-safe.
 */
final class Aggregate {
  private long deltas;
  private @Nullable Instant first;
  private @Nullable Instant last;
  private long requests;
  private long errors;
  private long requestBytes;
  private long responseBytes;
  private long durationMicros;
  private final Map<String, Counter> counters = new TreeMap<>();

  /**
   * Adds deltas.
   *
   * @param at when they happened
   * @param merged how many deltas {@code totals} stands for
   * @param totals their sum
   */
  void add(Instant at, long merged, Totals totals) {
    deltas = Counter.add(deltas, merged);
    if (first == null || at.isBefore(first)) first = at;
    if (last == null || at.isAfter(last)) last = at;
    requests = Counter.add(requests, totals.requests());
    errors = Counter.add(errors, totals.errors());
    requestBytes = Counter.add(requestBytes, totals.requestBytes());
    responseBytes = Counter.add(responseBytes, totals.responseBytes());
    durationMicros = Counter.add(durationMicros, totals.durationMicros());
    totals.counters().forEach((name, counter) -> counters.merge(name, counter, Counter::plus));
  }

  boolean isEmpty() {
    return deltas == 0;
  }

  /** Returns how many deltas were added, each merged one counted as what it stands for. */
  long deltas() {
    return deltas;
  }

  /** Returns when the earliest delta happened; {@link Instant#EPOCH} when there is none. */
  Instant first() {
    return first == null ? Instant.EPOCH : first;
  }

  /** Returns when the latest delta happened; {@link Instant#EPOCH} when there is none. */
  Instant last() {
    return last == null ? Instant.EPOCH : last;
  }

  Totals totals() {
    return new Totals(
        requests,
        errors,
        requestBytes,
        responseBytes,
        durationMicros,
        Collections.unmodifiableMap(new TreeMap<>(counters)));
  }
}
