package dev.headgate.plugins.metrics;

import java.util.Map;

/**
 * What a delta, or several together, add to the session's usage. Immutable.
 *
 * @param requests exchanges that ended
 * @param errors those of them that ended in an error or with a status of 400 or more
 * @param requestBytes bytes of request bodies, as read from clients
 * @param responseBytes bytes of response bodies, as written to clients
 * @param durationMicros how long the exchanges took, together, in microseconds
 * @param counters custom counters by name
 */
record Totals(
    long requests,
    long errors,
    long requestBytes,
    long responseBytes,
    long durationMicros,
    Map<String, Counter> counters) {
  static Totals ofCounters(Map<String, Counter> counters) {
    return new Totals(0, 0, 0, 0, 0, counters);
  }
}
