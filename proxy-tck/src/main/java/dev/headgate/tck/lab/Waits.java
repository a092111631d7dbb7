package dev.headgate.tck.lab;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waiting for events, with one ceiling that is far above what any step needs. Never a way to test
 * how long something takes.
 */
public final class Waits {
  /** How long anything is waited for. */
  public static final Duration CEILING = Duration.ofSeconds(20);

  /**
   * The system property that changes the ceiling, in milliseconds: more for a very slow machine;
   * less where waiting in vain is what is expected.
   */
  public static final String CEILING_PROPERTY = "headgate.tck.ceilingMillis";

  private static final long POLL_NANOS = 1_000_000;

  private Waits() {}

  /**
   * Returns how long anything is waited for now.
   *
   * @return {@link #CEILING}, unless {@link #CEILING_PROPERTY} says otherwise
   */
  public static Duration ceiling() {
    return Duration.ofMillis(Long.getLong(CEILING_PROPERTY, CEILING.toMillis()));
  }

  /**
   * Waits for a latch.
   *
   * @param what what it stands for
   * @param latch the latch
   */
  public static void on(String what, CountDownLatch latch) {
    try {
      if (!latch.await(ceiling().toMillis(), TimeUnit.MILLISECONDS)) throw inVain(what);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  /**
   * Waits for a result.
   *
   * @param what what it stands for
   * @param future of the result
   * @param <T> the type of the result
   * @return the result
   */
  public static <T> T on(String what, Future<T> future) {
    try {
      return future.get(ceiling().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    } catch (TimeoutException e) {
      throw inVain(what);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) throw failed;
      throw new AssertionError(what + " failed: " + e.getCause(), e.getCause());
    }
  }

  /**
   * Waits for a condition of which no event tells.
   *
   * @param what what it stands for
   * @param condition looked at again and again
   */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + ceiling().toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw inVain(what);
      if (Thread.interrupted()) throw interrupted(what, new InterruptedException());
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /**
   * Makes the error of one who waited in vain.
   *
   * @param what for what
   * @return the error
   */
  public static AssertionError inVain(String what) {
    return new AssertionError("waited " + ceiling().toMillis() + " ms in vain: " + what);
  }

  static AssertionError interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted while waiting: " + what, cause);
  }
}
