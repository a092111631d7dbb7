package dev.headgate.core.exchange;

import dev.headgate.core.spi.Engine;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the deadlines of all exchanges of a proxy with one timer of the engine: it is armed for
 * the nearest, and when it fires all are looked at. Most deadlines are met, and move on with each
 * piece of a body, so that the timer is hardly ever touched. Thread-safe.
 */
final class Deadlines {
  /** A deadline may be told so much late, so that a crowd of them is looked at once. */
  private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Engine engine;
  private final Iterable<Exchange> exchanges;

  private volatile boolean armed;
  private volatile long armedFor;

  // Guarded by this.
  private Engine.@Nullable Timer timer;
  private boolean closed;

  /**
   * Makes a watch.
   *
   * @param engine its clock and timer
   * @param exchanges those that have not ended; may change at any time
   */
  Deadlines(Engine engine, Iterable<Exchange> exchanges) {
    this.engine = engine;
    this.exchanges = exchanges;
  }

  /**
   * Says that an exchange has a deadline, which must be visible already to {@link
   * ExchangeTimer#check}.
   */
  void within(long deadline) {
    // A look that begins after this read sees the deadline.
    if (!armed || deadline - armedFor < 0) arm(deadline);
  }

  private synchronized void arm(long deadline) {
    if (closed || (armed && deadline - armedFor >= 0)) return;
    if (timer != null) timer.cancel();
    armedFor = deadline;
    armed = true;
    timer = engine.schedule(deadline - engine.nanoTime(), this::look);
  }

  private void look() {
    synchronized (this) {
      timer = null;
      armed = false;
    }
    long now = engine.nanoTime();
    long nearest = Long.MAX_VALUE;
    for (Exchange exchange : exchanges) nearest = Math.min(nearest, exchange.timer().check(now));
    if (nearest != Long.MAX_VALUE) within(now + Math.max(nearest, GRAIN_NANOS));
  }

  /** Watches no longer. */
  synchronized void close() {
    closed = true;
    if (timer != null) timer.cancel();
    timer = null;
  }
}
