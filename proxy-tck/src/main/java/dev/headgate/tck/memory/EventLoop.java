package dev.headgate.tck.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks in order, a virtual clock, and the one lock that guards an engine's
 * state.
 */
final class EventLoop {
  /** How long nothing may happen before a test that waits fails. Far above what any step needs. */
  static final long CEILING_SECONDS = 20;

  /** Changes the ceiling, for all waits of tests; see {@code Waits.CEILING_PROPERTY}. */
  private static final String CEILING_PROPERTY = "headgate.tck.ceilingMillis";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Waiter> waiters = new ArrayList<>();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<VirtualTimer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((VirtualTimer timer) -> timer.deadline)
              .thenComparingLong(timer -> timer.sequence));
  private final Thread dispatcher;
  private final BiConsumer<String, Throwable> uncaught;
  private final Supplier<String> report;
  private boolean running;
  private boolean stopped;
  private int blocking;
  private long elapsed;
  private long sequence;
  private long done;

  /**
   * Makes a loop.
   *
   * @param uncaught told what tasks throw
   * @param report what else to say when something is waited for in vain
   */
  EventLoop(String name, BiConsumer<String, Throwable> uncaught, Supplier<String> report) {
    this.uncaught = uncaught;
    this.report = report;
    this.dispatcher = new Thread(this::run, name + "-dispatcher");
    dispatcher.setDaemon(true);
  }

  void start() {
    dispatcher.start();
  }

  /** Runs {@code body} with the lock, then wakes whoever waits for a condition. */
  void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      release();
    }
  }

  /** Like {@link #locked(Runnable)}, with a result. */
  <T> T get(Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      release();
    }
  }

  /** Unlocks, and wakes those whose condition holds now, and nobody else: waking is what costs. */
  private void release() {
    if (lock.getHoldCount() == 1) wake();
    lock.unlock();
  }

  private void wake() {
    for (int i = 0; i < waiters.size(); i++) {
      Waiter waiter = waiters.get(i);
      if (waiter.condition.getAsBoolean()) waiter.holds.signal();
    }
  }

  /** A test that waits, and for what. */
  private record Waiter(BooleanSupplier condition, Condition holds) {}

  /** Adds a task for the dispatcher. Dropped once the loop has stopped. */
  void enqueue(Runnable task) {
    locked(
        () -> {
          if (!stopped) addTask(task);
        });
  }

  private void addTask(Runnable task) {
    tasks.add(task);
    work.signal();
  }

  boolean onDispatcher() {
    return Thread.currentThread() == dispatcher;
  }

  private static long ceilingMillis() {
    return Long.getLong(CEILING_PROPERTY, TimeUnit.SECONDS.toMillis(CEILING_SECONDS));
  }

  /** Waits for a condition that is looked at with the lock held. */
  void await(String what, BooleanSupplier condition) {
    requireOtherThread(what);
    lock.lock();
    Waiter waiter = new Waiter(condition, lock.newCondition());
    waiters.add(waiter);
    try {
      long seen = done;
      long ceiling = TimeUnit.MILLISECONDS.toNanos(ceilingMillis());
      long left = ceiling;
      while (!condition.getAsBoolean()) {
        if (left <= 0 && seen == done) throw timedOut(what);
        if (seen != done) left = ceiling;
        seen = done;
        left = waiter.holds.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting until " + what, e);
    } finally {
      waiters.remove(waiter);
      lock.unlock();
    }
  }

  /** Waits until nothing is queued or running; with {@code all} also on the blocking executor. */
  void awaitIdle(boolean all) {
    await(
        all ? "the engine is idle" : "the dispatcher is idle",
        () -> tasks.isEmpty() && !running && (!all || blocking == 0));
  }

  long elapsedNanos() {
    return get(() -> elapsed);
  }

  /** Makes a timer; internal ones are the backend's own and count for nobody. */
  VirtualTimer schedule(long delayNanos, Runnable task, boolean internal) {
    return get(
        () -> {
          long deadline = elapsed + Math.max(0, delayNanos);
          if (deadline < 0) deadline = Long.MAX_VALUE;
          VirtualTimer timer = new VirtualTimer(this, deadline, sequence++, task, internal);
          if (stopped) return timer;
          if (delayNanos <= 0) {
            addTask(timer);
          } else {
            timers.add(timer);
          }
          return timer;
        });
  }

  void cancel(VirtualTimer timer) {
    locked(
        () -> {
          timers.remove(timer);
          timer.cancelled = true;
        });
  }

  /**
   * Moves the clock, and runs what becomes due, each at its own time and after all that it caused;
   * with {@code all} also on the blocking executor.
   */
  void advance(long nanos, boolean all) {
    requireOtherThread("the clock is moved");
    long target = get(() -> elapsed) + nanos;
    awaitIdle(all);
    while (get(() -> fireNext(target))) awaitIdle(all);
  }

  private boolean fireNext(long target) {
    VirtualTimer next = timers.peek();
    if (next == null || next.deadline > target) {
      elapsed = target;
      return false;
    }
    elapsed = next.deadline;
    timers.remove();
    addTask(next);
    return true;
  }

  /** The core's timers that have not run. */
  List<VirtualTimer> pendingTimers() {
    return get(() -> timers.stream().filter(timer -> !timer.internal).toList());
  }

  int queuedTasks() {
    return get(() -> tasks.size() + (running ? 1 : 0));
  }

  int blockingTasks() {
    return get(() -> blocking);
  }

  void blockingStarted() {
    locked(() -> blocking++);
  }

  void blockingEnded() {
    locked(() -> blocking--);
  }

  /** Runs a callback of the core's, which must not throw. */
  void call(String what, Runnable callback) {
    try {
      callback.run();
    } catch (Throwable fault) {
      uncaught.accept(what, fault);
    }
  }

  /**
   * Ends the thread after what is queued, and drops the timers. Waits for it, but not for itself.
   */
  void stop() {
    locked(
        () -> {
          timers.clear();
          stopped = true;
          work.signal();
        });
    if (onDispatcher()) return;
    try {
      dispatcher.join(TimeUnit.SECONDS.toMillis(CEILING_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (dispatcher.isAlive()) throw timedOut("the dispatcher has ended");
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next())
      call("a task of the dispatcher", task);
  }

  private @Nullable Runnable next() {
    return get(
        () -> {
          running = false;
          wake();
          while (tasks.isEmpty()) {
            if (stopped) return null;
            work.awaitUninterruptibly();
          }
          running = true;
          done++;
          return tasks.poll();
        });
  }

  private void requireOtherThread(String what) {
    if (onDispatcher()) {
      throw new IllegalStateException(
          "the dispatcher must not wait until " + what + ": wait on the test's thread");
    }
  }

  private AssertionError timedOut(String what) {
    AssertionError error =
        new AssertionError(
            "waited " + ceilingMillis() + " ms in vain until " + what + report.get());
    Throwable where = new Throwable("the dispatcher is here");
    where.setStackTrace(dispatcher.getStackTrace());
    error.addSuppressed(where);
    return error;
  }
}
