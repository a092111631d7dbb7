package dev.headgate.plugins.metrics;

import dev.headgate.api.PluginScheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A clock and a scheduler that stand still until a test moves them. */
final class VirtualTime extends Clock implements PluginScheduler {
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final List<Entry> entries = new ArrayList<>();
  private Instant now = START;
  private long order;

  private static final class Entry implements Cancellation {
    private final VirtualTime time;
    private final Duration delay;
    private final boolean repeated;
    private final Runnable task;
    private final long order;
    private Instant due;

    Entry(
        VirtualTime time,
        Duration delay,
        boolean repeated,
        Runnable task,
        long order,
        Instant due) {
      this.time = time;
      this.delay = delay;
      this.repeated = repeated;
      this.task = task;
      this.order = order;
      this.due = due;
    }

    @Override
    public void cancel() {
      synchronized (time) {
        time.entries.remove(this);
      }
    }
  }

  @Override
  public Cancellation schedule(Duration delay, Runnable task) {
    return add(delay, false, task);
  }

  @Override
  public Cancellation scheduleRepeatedly(Duration delay, Runnable task) {
    return add(delay, true, task);
  }

  private synchronized Entry add(Duration delay, boolean repeated, Runnable task) {
    Entry entry = new Entry(this, delay, repeated, task, order++, now.plus(delay));
    entries.add(entry);
    notifyAll();
    return entry;
  }

  /** Waits until something is scheduled with exactly this delay. */
  synchronized void awaitScheduled(Duration delay) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (entries.stream().noneMatch(entry -> entry.delay.equals(delay))) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) throw new AssertionError("nothing was scheduled with a delay of " + delay);
      wait(left);
    }
  }

  /** Cancels what was scheduled with exactly this delay. */
  synchronized void cancelAll(Duration delay) {
    entries.removeIf(entry -> entry.delay.equals(delay));
  }

  /** Returns how many tasks are scheduled. */
  synchronized int pending() {
    return entries.size();
  }

  /** Moves on, and runs on this thread what becomes due, in order. */
  void advance(Duration duration) {
    Instant end = instant().plus(duration);
    for (Entry entry = due(end); entry != null; entry = due(end)) {
      entry.task.run();
      if (entry.repeated) again(entry);
    }
    synchronized (this) {
      now = end;
    }
  }

  /**
   * Moves on to the moment at which what was scheduled with this delay becomes due, not further.
   */
  void advanceToNext(Duration delay) {
    Duration left;
    synchronized (this) {
      left =
          entries.stream()
              .filter(entry -> entry.delay.equals(delay))
              .map(entry -> Duration.between(now, entry.due))
              .min(Comparator.naturalOrder())
              .orElseThrow();
    }
    advance(left);
  }

  private synchronized Entry due(Instant end) {
    Entry first =
        entries.stream()
            .filter(entry -> !entry.due.isAfter(end))
            .min(Comparator.comparing((Entry e) -> e.due).thenComparing(e -> e.order))
            .orElse(null);
    if (first != null) {
      now = first.due;
      if (!first.repeated) entries.remove(first);
    }
    return first;
  }

  private synchronized void again(Entry entry) {
    entry.due = now.plus(entry.delay);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the tests stay in UTC");
  }
}
