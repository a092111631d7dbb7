package dev.headgate.plugins.metrics;

import java.time.Instant;

/** What one line of the log says. */
sealed interface LogLine {
  /**
   * A delta that the API has not taken yet, as far as is known.
   *
   * @param id unique in the log
   * @param at when it happened
   * @param merged how many deltas it stands for
   * @param totals what it adds
   */
  record Pending(String id, Instant at, long merged, Totals totals) implements LogLine {}

  /**
   * The pending deltas above it are in this batch, which may have been sent.
   *
   * @param batch the batch
   */
  record Sealed(Batch batch) implements LogLine {}

  /**
   * A delta that the API has taken.
   *
   * @param id unique in the log
   */
  record Synced(String id) implements LogLine {}

  /**
   * Not a line of ours: it is kept as it is and not counted.
   *
   * @param reason why it could not be read
   */
  record Foreign(String reason) implements LogLine {}
}
