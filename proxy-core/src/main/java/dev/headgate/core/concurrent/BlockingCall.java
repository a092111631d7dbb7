package dev.headgate.core.concurrent;

import dev.headgate.core.spi.Engine;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A call on the blocking executor that has a deadline. One that outlives it is interrupted and left
 * behind; what it still does has no effect.
 *
 * @param <T> the type of the result
 */
public final class BlockingCall<T> extends FutureTask<T> {
  private final Engine engine;
  private final Duration allowed;
  private final BiConsumer<@Nullable T, @Nullable Throwable> result;
  private final AtomicBoolean told = new AtomicBoolean();
  private Engine.@Nullable Timer timer;

  private BlockingCall(
      Engine engine,
      Duration allowed,
      Callable<T> call,
      BiConsumer<@Nullable T, @Nullable Throwable> result) {
    super(call);
    this.engine = engine;
    this.allowed = allowed;
    this.result = result;
  }

  /**
   * Runs a call.
   *
   * @param engine whose blocking executor and timer are used
   * @param allowed how long the call may take
   * @param call the call
   * @param result told once, on the engine's executor: the result, or why there is none
   * @param <T> the type of the result
   */
  public static <T> void run(
      Engine engine,
      Duration allowed,
      Callable<T> call,
      BiConsumer<@Nullable T, @Nullable Throwable> result) {
    BlockingCall<T> task = new BlockingCall<>(engine, allowed, call, result);
    task.timer = engine.schedule(allowed.toNanos(), task::expire);
    try {
      engine.blockingExecutor().execute(task);
    } catch (RejectedExecutionException e) {
      task.tell(null, e);
    }
  }

  private void expire() {
    tell(null, new TimeoutException("the call did not return within " + allowed));
    cancel(true);
  }

  @Override
  protected void done() {
    if (isCancelled()) return;
    try {
      tell(get(), null);
    } catch (ExecutionException e) {
      tell(null, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tell(null, e);
    }
  }

  private void tell(@Nullable T value, @Nullable Throwable reason) {
    if (!told.compareAndSet(false, true)) return;
    Engine.Timer pending = timer;
    if (pending != null) pending.cancel();
    engine.executor().execute(() -> result.accept(value, reason));
  }
}
