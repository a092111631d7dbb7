package dev.headgate.api;

import java.util.Objects;

/**
 * What an exchange came to.
 *
 * @param outcome how it ended
 * @param status the status that was sent to the client; 0 when none was
 * @param requestBytes bytes of the request's body as read from the client, without transfer coding
 * @param responseBytes bytes of the response's body as written to the client, without transfer
 *     coding
 * @param timings when what happened
 */
public record ExchangeSummary(
    Outcome outcome, int status, long requestBytes, long responseBytes, Timings timings) {
  /**
   * Checks that nothing is null.
   *
   * @param outcome how it ended
   * @param status the status that was sent to the client
   * @param requestBytes bytes of the request's body as read from the client, without transfer
   *     coding
   * @param responseBytes bytes of the response's body as written to the client, without transfer
   *     coding
   * @param timings when what happened
   */
  public ExchangeSummary {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(timings, "timings");
  }
}
