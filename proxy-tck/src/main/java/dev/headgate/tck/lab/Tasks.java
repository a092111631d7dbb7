package dev.headgate.tck.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** What runs beside a rule, each task on a thread of its own. Thread-safe. */
final class Tasks {
  private static final AtomicInteger STARTED = new AtomicInteger();

  private final List<CompletableFuture<?>> tasks = new ArrayList<>();

  <T> Future<T> start(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    synchronized (tasks) {
      tasks.add(result);
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(task.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "tck-task-" + STARTED.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** Waits for all that were started so far. */
  void join() {
    List<CompletableFuture<?>> all;
    synchronized (tasks) {
      all = List.copyOf(tasks);
    }
    all.forEach(task -> Waits.on("a task beside the rule has ended", task));
  }
}
