package dev.headgate.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many exchanges run at a time, of a proxy or of a route, and how many more wait for their
 * turn, first in, first out. One that finds the queue full, or waits for too long, gets 503 ({@code
 * overloaded}) with {@code Retry-After}. Without such a setting there is no limit, and no cost.
 * Immutable.
 *
 * @param maxExchanges how many run, 1 or more
 * @param maxQueued how many wait, 0 or more
 * @param queueTimeout how long each waits at most, above zero
 * @param retryAfter what clients that are refused are told to wait, 1 s or more
 */
public record Admission(
    int maxExchanges, int maxQueued, Duration queueTimeout, Duration retryAfter) {
  /**
   * Checks everything at once.
   *
   * @param maxExchanges how many run
   * @param maxQueued how many wait
   * @param queueTimeout how long each waits at most
   * @param retryAfter what clients that are refused are told to wait
   * @throws IllegalArgumentException naming each offending value
   */
  public Admission {
    List<String> mistakes = new ArrayList<>();
    if (maxExchanges < 1) {
      mistakes.add("maxExchanges must be 1 or more, but was " + maxExchanges);
    }
    if (maxQueued < 0) mistakes.add("maxQueued must be 0 or more, but was " + maxQueued);
    DurationRange.ABOVE_ZERO.check("queueTimeout", queueTimeout, mistakes);
    if (retryAfter != null && retryAfter.compareTo(Duration.ofSeconds(1)) < 0) {
      mistakes.add("retryAfter must be 1 s or more, but was " + retryAfter);
    } else {
      DurationRange.ABOVE_ZERO.check("retryAfter", retryAfter, mistakes);
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid admission: " + String.join("; ", mistakes));
    }
  }

  /**
   * Limits what runs; as many again may wait, for 5 s each, and are told to come back after 1 s.
   *
   * @param maxExchanges how many run, 1 or more
   * @return the setting
   */
  public static Admission of(int maxExchanges) {
    return new Admission(
        maxExchanges, Math.max(0, maxExchanges), Duration.ofSeconds(5), Duration.ofSeconds(1));
  }

  /**
   * Returns this setting with another queue.
   *
   * @param most how many wait, 0 or more
   * @param timeout how long each waits at most, above zero
   * @return the setting
   */
  public Admission withQueue(int most, Duration timeout) {
    return new Admission(maxExchanges, most, timeout, retryAfter);
  }

  /**
   * Returns this setting with another time to come back.
   *
   * @param time 1 s or more
   * @return the setting
   */
  public Admission withRetryAfter(Duration time) {
    return new Admission(maxExchanges, maxQueued, queueTimeout, time);
  }
}
