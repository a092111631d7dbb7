package dev.headgate.core.spi;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executor;

/** The running parts of a backend, shared by any number of proxies. Thread-safe. */
public interface Engine extends AutoCloseable {
  /**
   * Opens a listening socket, or what stands for one. Exchanges come from {@link Listener#start()}
   * on.
   *
   * @param options address and limits
   * @param handler takes the exchanges
   * @return the listener; the caller closes it
   * @throws IOException if the address can't be bound; nothing is left behind
   */
  Listener listen(ListenOptions options, InboundHandler handler) throws IOException;

  /**
   * Returns the client for upstreams.
   *
   * @return the one client of this engine
   */
  UpstreamClient upstream();

  /**
   * Returns the clock.
   *
   * @return wall-clock time, virtual where the backend says {@link Capability#VIRTUAL_TIME}
   */
  Clock clock();

  /**
   * Returns the time for measuring.
   *
   * @return nanoseconds from an arbitrary origin, never going back; moves with {@link #clock()}
   *     where that is virtual
   */
  long nanoTime();

  /**
   * Runs a task later.
   *
   * @param delayNanos nanoseconds from now; zero or less: as soon as possible
   * @param task must not block; runs on a thread of the engine, never inside this call
   * @return with which to cancel it
   */
  Timer schedule(long delayNanos, Runnable task);

  /**
   * Returns where an exchange goes on after a plugin completed a decision on a thread of its own.
   *
   * @return an executor of the engine's; its tasks do not block
   */
  default Executor executor() {
    return task -> schedule(0, task);
  }

  /**
   * Returns where blocking work runs: virtual threads where the JDK has them, else a pool that
   * grows.
   *
   * @return the executor
   */
  Executor blockingExecutor();

  /** Stops everything and waits for it: no thread, connection or buffer is left. Idempotent. */
  @Override
  void close();

  /** A scheduled task. */
  @FunctionalInterface
  interface Timer {
    /** Keeps the task from running, if it has not begun. */
    void cancel();
  }
}
