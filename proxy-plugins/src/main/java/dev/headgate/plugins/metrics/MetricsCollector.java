package dev.headgate.plugins.metrics;

import dev.headgate.api.AttributeKey;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Takes what an application or another plugin wants counted for a session: tool calls, tokens,
 * cache hits. The counts travel with the session's request metrics, by name, as sum and number of
 * recordings.
 *
 * <p>Get one from {@link MetricsSyncPlugin#collector(String)}, or inside an exchange from {@link
 * #KEY}.
 *
 * <p>Thread-safe, and fast enough for any hook: recording takes a short lock and never waits for a
 * disk or a network. Recording never fails because of a full disk or an unreachable API. What was
 * recorded becomes durable soon after; {@link #flush()} tells when.
 */
public interface MetricsCollector {
  /**
   * The attribute under which the collector of an exchange's session is found, from the plugin's
   * {@code onRequest} on (priority 100): plugins behind it see it in every hook, plugins before it
   * from the response on. Absent where the plugin does not run.
   */
  AttributeKey<MetricsCollector> KEY = AttributeKey.named("metrics-sync.collector");

  /**
   * Counts one.
   *
   * @param name what to count: a letter or digit, then letters, digits, {@code _}, {@code .} or
   *     {@code -}, 64 characters at most. A session counts up to 256 names; further names are
   *     counted together as {@code other}.
   * @throws IllegalArgumentException if the name is not of that form
   * @throws IllegalStateException if the proxy has stopped, so that nothing would be reported
   */
  default void count(String name) {
    count(name, 1);
  }

  /**
   * Adds to a count.
   *
   * @param name what to count, as in {@link #count(String)}
   * @param amount how much, 0 or more
   * @throws IllegalArgumentException if the name is not of that form, or the amount below zero
   * @throws IllegalStateException if the proxy has stopped, so that nothing would be reported
   */
  default void count(String name, long amount) {
    count(Map.of(name, amount));
  }

  /**
   * Adds to several counts, as one record: after a crash either all of them are counted or none.
   *
   * @param amounts how much, 0 or more, by name as in {@link #count(String)}; empty does nothing
   * @throws IllegalArgumentException if a name is not of that form, or an amount below zero
   * @throws IllegalStateException if the proxy has stopped, so that nothing would be reported
   */
  void count(Map<String, Long> amounts);

  /**
   * Tells when all that was recorded before this call is on disk, where no crash can take it.
   *
   * @return a stage, completed on a thread of the plugin's: do not block there. It fails with an
   *     {@link java.io.IOException} when the disk refuses; the counts are kept in memory then, and
   *     written as soon as that works again.
   */
  CompletionStage<Void> flush();
}
