package dev.headgate.core.lifecycle;

import dev.headgate.api.PluginScheduler;
import dev.headgate.core.config.DurationRange;
import dev.headgate.core.spi.Engine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Scheduled work of one interceptor; ends with it. */
final class EnginePluginScheduler implements PluginScheduler {
  private final Engine engine;
  private final Logger logger;
  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  EnginePluginScheduler(Engine engine, Logger logger) {
    this.engine = engine;
    this.logger = logger;
  }

  @Override
  public Cancellation schedule(Duration delay, Runnable task) {
    return add(new Task(delay, task, false));
  }

  @Override
  public Cancellation scheduleRepeatedly(Duration delay, Runnable task) {
    if (delay.isNegative() || delay.isZero()) {
      throw new IllegalArgumentException("delay must be above zero, but was " + delay);
    }
    return add(new Task(delay, task, true));
  }

  private Cancellation add(Task task) {
    if (closed) throw new IllegalStateException("the interceptor has been stopped");
    tasks.add(task);
    task.arm();
    if (closed) task.cancel();
    return task;
  }

  void close() {
    closed = true;
    tasks.forEach(Task::cancel);
  }

  private final class Task implements Cancellation, Runnable {
    private final long delayNanos;
    private final Runnable work;
    private final boolean repeated;

    // Guarded by this.
    private boolean cancelled;
    private Engine.@Nullable Timer timer;

    Task(Duration delay, Runnable work, boolean repeated) {
      this.delayNanos = DurationRange.nanosWithin(delay);
      this.work = work;
      this.repeated = repeated;
    }

    synchronized void arm() {
      if (!cancelled) timer = engine.schedule(delayNanos, this::hand);
    }

    private void hand() {
      try {
        engine.blockingExecutor().execute(this);
      } catch (RejectedExecutionException e) {
        tasks.remove(this);
        logger.debug("the engine is closing: a scheduled task was dropped", e);
      }
    }

    @Override
    public void run() {
      synchronized (this) {
        if (cancelled) return;
      }
      if (!repeated) tasks.remove(this);
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        logger.warn("a scheduled task failed", e);
      }
      if (repeated) arm();
    }

    @Override
    public void cancel() {
      synchronized (this) {
        cancelled = true;
        if (timer != null) timer.cancel();
      }
      tasks.remove(this);
    }
  }
}
