package dev.headgate.jetty;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that timers fire on. Unlike Jetty's scheduler it has ended when {@link #close()}
 * returns.
 */
final class TimerThread implements AutoCloseable {
  private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(5);

  private final ScheduledThreadPoolExecutor service;
  private final Scheduler scheduler;
  private volatile @Nullable Thread thread;

  TimerThread(String name) {
    service =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, name);
              thread = made;
              return made;
            },
            // What is scheduled while all ends is forgotten.
            new ThreadPoolExecutor.DiscardPolicy());
    service.setRemoveOnCancelPolicy(true);
    scheduler = new ScheduledExecutorScheduler(service);
  }

  /** Returns it as Jetty's parts use it. */
  Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    service.shutdownNow();
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) return;
    try {
      running.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
