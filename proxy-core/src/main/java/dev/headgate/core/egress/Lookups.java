package dev.headgate.core.egress;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs lookups, each of which may hold a thread for as long as a resolver takes: only so many at
 * once, and the others in their order. Thread-safe.
 */
final class Lookups {
  private final int most;
  private final int mostWaiting;

  // Guarded by this.
  private final Queue<Lookup> waiting = new ArrayDeque<>();
  private int running;

  /** What to do, and where. */
  private record Lookup(Runnable task, Runnable failed, Executor executor) {}

  /**
   * Makes it.
   *
   * @param most how many run at once
   * @param mostWaiting how many may wait
   */
  Lookups(int most, int mostWaiting) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Runs a lookup as soon as there is room.
   *
   * @param task the lookup
   * @param failed run in its place where it can't run: too many wait, or the executor has ended
   * @param executor where it may block
   */
  void run(Runnable task, Runnable failed, Executor executor) {
    Lookup lookup = new Lookup(task, failed, executor);
    synchronized (this) {
      if (running < most) {
        running++;
      } else if (waiting.size() < mostWaiting) {
        waiting.add(lookup);
        return;
      } else {
        lookup = null;
      }
    }
    if (lookup == null) {
      failed.run();
    } else {
      begin(lookup);
    }
  }

  private void begin(Lookup first) {
    Lookup next = first;
    while (next != null) {
      Lookup lookup = next;
      try {
        lookup.executor.execute(
            () -> {
              try {
                lookup.task.run();
              } finally {
                Lookup after = ended();
                if (after != null) begin(after);
              }
            });
        return;
      } catch (RejectedExecutionException e) {
        lookup.failed.run();
        next = ended();
      }
    }
  }

  private synchronized @Nullable Lookup ended() {
    Lookup next = waiting.poll();
    if (next == null) running--;
    return next;
  }
}
