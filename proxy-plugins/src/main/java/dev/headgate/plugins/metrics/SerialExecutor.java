package dev.headgate.plugins.metrics;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs tasks one after the other, in the order in which they came, on threads of another executor;
 * each happens-before the next. Holds no thread while there is nothing to do. Thread-safe.
 */
final class SerialExecutor implements Executor {
  private final Executor delegate;
  private final Logger logger;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean active;

  SerialExecutor(Executor delegate, Logger logger) {
    this.delegate = delegate;
    this.logger = logger;
  }

  /**
   * Runs a task later; what it throws is logged.
   *
   * @throws RejectedExecutionException if the other executor has been shut down
   */
  @Override
  public void execute(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (active) return;
      active = true;
    }
    try {
      delegate.execute(this::drain);
    } catch (RejectedExecutionException e) {
      synchronized (tasks) {
        tasks.clear();
        active = false;
      }
      throw e;
    }
  }

  private void drain() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        logger.atError().setCause(e).log("metrics: a task failed, which is a bug");
      }
    }
  }

  private @Nullable Runnable next() {
    synchronized (tasks) {
      Runnable task = tasks.poll();
      if (task == null) active = false;
      return task;
    }
  }
}
