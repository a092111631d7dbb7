package dev.headgate.tck.memory;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The blocking executor: daemon threads, counted so that idleness can be awaited; or the dispatcher
 * itself.
 */
final class BlockingTasks implements Executor {
  private final EventLoop loop;
  private final boolean onDispatcher;
  private final ExecutorService threads;

  BlockingTasks(EventLoop loop, String name, boolean onDispatcher) {
    this.loop = loop;
    this.onDispatcher = onDispatcher;
    AtomicInteger numbers = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-blocking-" + numbers.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void execute(Runnable task) {
    loop.blockingStarted();
    Runnable counted =
        () -> {
          try {
            loop.call("a blocking task", task);
          } finally {
            loop.blockingEnded();
          }
        };
    if (onDispatcher) {
      loop.enqueue(counted);
      return;
    }
    try {
      threads.execute(counted);
    } catch (RuntimeException e) {
      loop.blockingEnded();
      throw e;
    }
  }

  /** Interrupts what runs, and waits for its end. */
  void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(EventLoop.CEILING_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a blocking task ignores interruption");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
