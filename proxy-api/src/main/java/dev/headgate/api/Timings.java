package dev.headgate.api;

import java.time.Duration;

/**
 * When the steps of an exchange were reached: nanoseconds after the request's head had been read,
 * by the proxy's clock; −1 for a step that was not reached.
 *
 * @param requestHooks the last {@code onRequest} had decided
 * @param connected a connection to the upstream was at hand (at once when it came from the pool)
 * @param requestSent the request, with its body, had been sent
 * @param responseHead the head of the final response had come
 * @param firstByte the first byte of the response's body had come
 * @param end the exchange ended
 */
public record Timings(
    long requestHooks,
    long connected,
    long requestSent,
    long responseHead,
    long firstByte,
    long end) {
  /**
   * Returns how long the whole exchange took.
   *
   * @return from the request's head to the end
   */
  public Duration total() {
    return Duration.ofNanos(Math.max(end, 0));
  }
}
