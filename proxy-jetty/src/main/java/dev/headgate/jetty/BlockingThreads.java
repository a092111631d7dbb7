package dev.headgate.jetty;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where blocking work runs: a virtual thread for each task where the JDK has them, else a pool that
 * grows.
 */
final class BlockingThreads implements Executor, AutoCloseable {
  private static final long IDLE_SECONDS = 30;
  private static final long STOP_SECONDS = 5;

  private final ExecutorService service;

  BlockingThreads(String name) {
    ExecutorService virtual = virtualThreads(name);
    this.service = virtual != null ? virtual : pool(name);
  }

  @Override
  public void execute(Runnable task) {
    service.execute(task);
  }

  private static ExecutorService pool(String name) {
    AtomicLong count = new AtomicLong();
    ThreadFactory factory =
        task -> {
          Thread thread = new Thread(task, name + "-blocking-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  /** Returns an executor of JDK 21 and newer; null on older ones. */
  private static @Nullable ExecutorService virtualThreads(String name) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle begin =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
      MethodHandle named =
          lookup.findVirtual(
              builder, "name", MethodType.methodType(builder, String.class, long.class));
      MethodHandle factory =
          lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
      MethodHandle executor =
          lookup.findStatic(
              Executors.class,
              "newThreadPerTaskExecutor",
              MethodType.methodType(ExecutorService.class, ThreadFactory.class));
      Object threads = factory.invoke(named.invoke(begin.invoke(), name + "-blocking-", 1L));
      return (ExecutorService) executor.invoke((ThreadFactory) threads);
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError error) throw error;
      return null;
    }
  }

  /** Interrupts what runs and waits for it, within reason. */
  @Override
  public void close() {
    service.shutdownNow();
    try {
      service.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
