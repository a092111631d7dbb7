package dev.headgate.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a client must at least be, against clients that keep connections and upstreams busy with
 * a trickle. Only the time that the proxy waits for the client counts, over a whole body: one that
 * waits for the upstream loses nothing. Immutable.
 *
 * <p>Off by default: a body may be a live stream, whose pauses are none of the proxy's business but
 * for {@link Timeouts#requestIdle()} and {@link Timeouts#clientIdle()}. Where a listener is open to
 * anybody, 240 bytes per second after 5 s are a good choice.
 *
 * @param requestBytesPerSecond the least average of a request's body, or 0 for none
 *     (request_timeout, 408)
 * @param responseBytesPerSecond the least average at which a response is taken, or 0 for none
 *     (client_gone)
 * @param grace how long a client may keep the proxy waiting whatever it sends, above zero
 */
public record DataRates(long requestBytesPerSecond, long responseBytesPerSecond, Duration grace) {
  private static final DataRates NONE = new DataRates(0, 0, Duration.ofSeconds(5));

  /**
   * Checks everything at once.
   *
   * @param requestBytesPerSecond the least average of a request's body
   * @param responseBytesPerSecond the least average at which a response is taken
   * @param grace how long a client may keep the proxy waiting whatever it sends
   * @throws IllegalArgumentException naming each offending value
   */
  public DataRates {
    List<String> mistakes = new ArrayList<>();
    if (requestBytesPerSecond < 0) {
      mistakes.add("requestBytesPerSecond must be 0 or more, but was " + requestBytesPerSecond);
    }
    if (responseBytesPerSecond < 0) {
      mistakes.add("responseBytesPerSecond must be 0 or more, but was " + responseBytesPerSecond);
    }
    DurationRange.ABOVE_ZERO.check("grace", grace, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid data rates: " + String.join("; ", mistakes));
    }
  }

  /**
   * Asks for nothing: the default.
   *
   * @return the rates
   */
  public static DataRates none() {
    return NONE;
  }

  /**
   * Asks for the same rate in both directions, after 5 s.
   *
   * @param bytesPerSecond the least average
   * @return the rates
   */
  public static DataRates of(long bytesPerSecond) {
    return new DataRates(bytesPerSecond, bytesPerSecond, Duration.ofSeconds(5));
  }
}
