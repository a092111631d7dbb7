package dev.headgate.jetty.io;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs short tasks on few threads of a pool at once: a burst of connections must not start a thread
 * for each of them. Thread-safe.
 */
final class FewThreads implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(FewThreads.class);

  private final Executor pool;
  private final int most;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger running = new AtomicInteger();

  FewThreads(Executor pool, int most) {
    this.pool = pool;
    this.most = most;
  }

  @Override
  public void execute(Runnable task) {
    waiting.add(task);
    if (!enter()) return;
    try {
      pool.execute(this::drain);
    } catch (RejectedExecutionException e) {
      running.decrementAndGet();
      if (waiting.remove(task)) throw e;
    }
  }

  private boolean enter() {
    while (true) {
      int now = running.get();
      if (now >= most) return false;
      if (running.compareAndSet(now, now + 1)) return true;
    }
  }

  private void drain() {
    do {
      for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) run(task);
      running.decrementAndGet();
      // What was added since the last look found no room, perhaps.
    } while (!waiting.isEmpty() && enter());
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warn("a task of a connection failed", e);
    }
  }
}
