package dev.headgate.plugins.metrics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One record of the log: what one event added to the session's usage. Immutable.
 *
 * @param id unique in the log
 * @param at when it happened
 * @param merged how many deltas it stands for: 1, or more when the buffer was full
 * @param exchange what is known of the exchange; null for an application's count and for merged
 *     deltas
 * @param totals what it adds
 */
record Delta(String id, Instant at, long merged, @Nullable ExchangeFacts exchange, Totals totals) {
  /**
   * What a record tells about its exchange, beside the numbers.
   *
   * @param requestId the exchange's id
   * @param route the route's id; null when none matched
   * @param provider the session's provider; null when not known
   * @param model the session's model; null when not known
   * @param status the status sent to the client; 0 when none was
   * @param outcome how it ended, in lower case
   * @param error the code of the error; null when there was none
   */
  record ExchangeFacts(
      String requestId,
      @Nullable String route,
      @Nullable String provider,
      @Nullable String model,
      int status,
      String outcome,
      @Nullable String error) {}
}
