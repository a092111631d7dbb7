package dev.headgate.wasm;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one module in one proxy. Each is one call's at a time; they are made as they are
 * needed, up to a limit, and the one used last is used first. Thread-safe.
 */
final class InstancePool {
  private final Generation generation;
  private final GuestEnvironment environment;
  private final Duration patience;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<GuestInstance> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger instances = new AtomicInteger();
  private volatile boolean closed;

  /**
   * Makes an empty pool.
   *
   * @param most how many instances there may be
   * @param patience how long a call waits for one
   */
  InstancePool(Generation generation, GuestEnvironment environment, int most, Duration patience) {
    this.generation = generation;
    this.environment = environment;
    this.patience = patience;
    this.permits = new Semaphore(most);
  }

  Generation generation() {
    return generation;
  }

  /** Returns how many instances there are, idle or in use. */
  int instances() {
    return instances.get();
  }

  /** An instance for one call. */
  final class Lease implements AutoCloseable {
    private final GuestInstance instance;

    private Lease(GuestInstance instance) {
      this.instance = instance;
    }

    GuestInstance instance() {
      return instance;
    }

    /** Gives the instance back, or throws it away when it is broken or no longer wanted. */
    @Override
    public void close() {
      if (instance.usable() && !closed) {
        idle.addFirst(instance);
        if (closed) closeIdle();
      } else {
        discard(instance);
      }
      permits.release();
    }
  }

  /**
   * Takes an instance, after waiting for one if need be.
   *
   * @return the instance, or null when the pool is closed
   * @throws WasmTrapException if none was free in time, or none could be made
   */
  @Nullable Lease acquire() throws WasmTrapException {
    if (closed) return null;
    if (!permits.tryAcquire()) await();
    boolean leased = false;
    try {
      if (closed) return null;
      GuestInstance instance = idle.pollFirst();
      if (instance == null) {
        instance = generation.module().instantiate(environment);
        instances.incrementAndGet();
      }
      leased = true;
      return new Lease(instance);
    } finally {
      if (!leased) permits.release();
    }
  }

  private void await() throws WasmTrapException {
    try {
      if (permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WasmTrapException(Reason.INTERRUPTED, "interrupted while waiting", e);
    }
    throw new WasmTrapException(
        Reason.EXHAUSTED, "no instance was free for " + patience.toMillis() + " ms", null);
  }

  /** Closes what is idle now, and what is in use when it comes back. May be called again. */
  void close() {
    closed = true;
    closeIdle();
  }

  private void closeIdle() {
    GuestInstance instance;
    while ((instance = idle.pollFirst()) != null) discard(instance);
  }

  private void discard(GuestInstance instance) {
    instances.decrementAndGet();
    instance.close();
  }
}
