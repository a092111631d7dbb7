package dev.headgate.core.exchange;

/**
 * How long one direction of an exchange has waited for the client in all, and how long it may. Not
 * thread-safe: guarded by its timer.
 */
final class RateWatch {
  /** Thirty years: what a deadline can hold. */
  private static final double MOST_SECONDS = 1e9;

  private static final double NANOS = 1e9;

  private final long bytesPerSecond;
  private final long graceNanos;
  private long waited;
  private long since;
  private boolean waiting;

  RateWatch(long bytesPerSecond, long graceNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.graceNanos = graceNanos;
  }

  /** Begins to wait; returns how many nanoseconds may pass after so many bytes. */
  long begin(long now, long bytes) {
    end(now);
    waiting = true;
    since = now;
    // As a double, which does not overflow and is exact enough for a deadline.
    double earnedSeconds = Math.min((double) bytes / bytesPerSecond, MOST_SECONDS);
    return Math.max(graceNanos, (long) (earnedSeconds * NANOS)) - waited;
  }

  void end(long now) {
    if (waiting) waited += now - since;
    waiting = false;
  }
}
