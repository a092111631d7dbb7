package dev.headgate.core.exchange;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Counts the activities inside an exchange, so that its end is told to plugins after all of their
 * other hooks, and no hook is called after it. Thread-safe and lock-free.
 */
final class Gate {
  private static final int CLOSED = 1 << 30;

  private static final AtomicIntegerFieldUpdater<Gate> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Gate.class, "state");

  private final Runnable emptied;
  private volatile int state;

  /**
   * Makes an open gate.
   *
   * @param emptied run once, when the gate is closed and the last activity has left
   */
  Gate(Runnable emptied) {
    this.emptied = emptied;
  }

  /** Enters an activity; false when the gate is closed. */
  boolean enter() {
    while (true) {
      int now = state;
      if (now >= CLOSED) return false;
      if (STATE.compareAndSet(this, now, now + 1)) return true;
    }
  }

  /** Leaves an activity. */
  void exit() {
    if (STATE.decrementAndGet(this) == CLOSED) emptied.run();
  }

  /** Closes the gate. Idempotent. */
  void close() {
    while (true) {
      int now = state;
      if (now >= CLOSED) return;
      // One more activity for the time of this call, which leaves at once.
      if (STATE.compareAndSet(this, now, now + CLOSED + 1)) {
        exit();
        return;
      }
    }
  }
}
