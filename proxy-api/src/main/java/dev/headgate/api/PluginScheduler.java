package dev.headgate.api;

import java.time.Duration;

/**
 * Runs work of a plugin later, on the blocking executor, by the proxy's clock. What is still
 * pending when the plugin's interceptor has been stopped is cancelled. Thread-safe.
 */
public interface PluginScheduler {
  /**
   * Runs a task once.
   *
   * @param delay how long from now; zero or less: as soon as possible
   * @param task the task; what it throws is logged
   * @return with which to cancel it
   * @throws IllegalStateException after the interceptor has been stopped
   */
  Cancellation schedule(Duration delay, Runnable task);

  /**
   * Runs a task again and again, each time {@code delay} after the last run has ended, so that runs
   * never overlap.
   *
   * @param delay how long before the first run and between runs; above zero
   * @param task the task; what it throws is logged, and the next run comes all the same
   * @return with which to cancel it
   * @throws IllegalStateException after the interceptor has been stopped
   */
  Cancellation scheduleRepeatedly(Duration delay, Runnable task);

  /** Cancels scheduled work. */
  @FunctionalInterface
  interface Cancellation {
    /** Keeps work that has not begun from beginning; does nothing to work that has. */
    void cancel();
  }
}
