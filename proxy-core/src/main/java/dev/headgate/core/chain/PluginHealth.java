package dev.headgate.core.chain;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Whether a plugin of one proxy may take part in the next exchange: after a number of faults in a
 * row it is suspended for a cool-down, then tried with one exchange. Thread-safe.
 */
public final class PluginHealth {
  /** What an exchange does with a plugin. */
  public enum Admission {
    /** Runs it. */
    RUN,
    /** Runs it as the one trial after a cool-down; {@link #trialEnded} must be told. */
    TRIAL,
    /** Passes it by, or refuses the exchange, as the plugin's failure policy says. */
    SUSPENDED
  }

  private final int threshold;
  private final long coolDownNanos;
  private final LongAdder faults = new LongAdder();
  private final LongAdder suspensions = new LongAdder();
  private final AtomicInteger row = new AtomicInteger();
  private final AtomicBoolean trial = new AtomicBoolean();
  private volatile boolean suspended;
  private volatile long suspendedUntil;

  /**
   * Makes a healthy one.
   *
   * @param threshold faults in a row that suspend, 1 or more
   * @param coolDown how long a suspension lasts before the trial
   */
  public PluginHealth(int threshold, Duration coolDown) {
    this.threshold = threshold;
    this.coolDownNanos = coolDown.toNanos();
  }

  /**
   * Asks for an exchange that begins.
   *
   * @param now nanoseconds
   * @return what to do
   */
  public Admission admit(long now) {
    if (!suspended) return Admission.RUN;
    boolean cooledDown = now - suspendedUntil >= 0;
    return cooledDown && trial.compareAndSet(false, true) ? Admission.TRIAL : Admission.SUSPENDED;
  }

  /**
   * Counts a fault.
   *
   * @param now nanoseconds
   * @return whether this one suspended the plugin
   */
  public boolean fault(long now) {
    faults.increment();
    if (row.incrementAndGet() < threshold && !suspended) return false;
    boolean first = !suspended;
    suspendedUntil = now + coolDownNanos;
    suspended = true;
    if (first) suspensions.increment();
    return first;
  }

  /** An exchange ended in which the plugin took part without a fault. */
  public void cleanEnd() {
    if (!suspended && row.get() != 0) row.set(0);
  }

  /**
   * The trial exchange ended.
   *
   * @param clean whether the plugin had no fault in it
   */
  public void trialEnded(boolean clean) {
    if (clean) {
      row.set(0);
      suspended = false;
    }
    trial.set(false);
  }

  /** Forgets a suspension and the faults in a row, as when the plugin is enabled by hand. */
  public void reset() {
    row.set(0);
    suspended = false;
  }

  /**
   * Returns whether faults in a row are on record.
   *
   * @return whether an exchange must look closer
   */
  public boolean troubled() {
    return suspended || row.get() != 0;
  }

  /**
   * Returns whether it is suspended, the trial included.
   *
   * @return whether it is
   */
  public boolean suspended() {
    return suspended;
  }

  /**
   * Returns how many faults there were.
   *
   * @return since the proxy's start
   */
  public long faults() {
    return faults.sum();
  }

  /**
   * Returns how often it was suspended.
   *
   * @return since the proxy's start
   */
  public long suspensions() {
    return suspensions.sum();
  }
}
