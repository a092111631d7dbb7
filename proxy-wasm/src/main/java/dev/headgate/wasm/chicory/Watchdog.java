package dev.headgate.wasm.chicory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts calls that take too long. One daemon thread for any number of guests; it begins with
 * the first call, and ends when there was none for a while.
 *
 * <p>Waking a thread costs more than most calls. So while calls come, the thread looks at the
 * timers a few times per deadline and nobody wakes it; only a first call after a pause does.
 */
final class Watchdog {
  private final Patrol patrol = new Patrol();

  /** Makes a timer for one guest. The caller closes it. */
  Timer timer() {
    return new Timer(patrol);
  }

  /** Guards the calls of one guest, one at a time. */
  static final class Timer implements AutoCloseable {
    private final Patrol patrol;
    private @Nullable Thread thread;
    private long deadline;
    private boolean fired;

    private Timer(Patrol patrol) {
      this.patrol = patrol;
      patrol.timers.add(this);
    }

    /** Begins: interrupts the calling thread once the time has passed, unless disarmed before. */
    void arm(long nanos) {
      long until = System.nanoTime() + nanos;
      synchronized (this) {
        thread = Thread.currentThread();
        deadline = until;
        fired = false;
      }
      patrol.expect(until, nanos);
    }

    /**
     * Ends; to be called by the thread that armed it. The interrupt, if one was sent, has arrived
     * and is cleared: it can't hit what the thread does next.
     *
     * @return whether the time had passed
     */
    boolean disarm() {
      synchronized (this) {
        thread = null;
        if (fired) Thread.interrupted();
        return fired;
      }
    }

    /** Returns how long until the deadline, or a very long time when not armed. */
    private synchronized long fireIfDue(long now) {
      if (thread == null || fired) return Long.MAX_VALUE;
      long left = deadline - now;
      if (left > 0) return left;
      fired = true;
      thread.interrupt();
      return Long.MAX_VALUE;
    }

    @Override
    public void close() {
      patrol.timers.remove(this);
    }
  }

  /** The thread's part. */
  private static final class Patrol implements Runnable {
    /** How often the timers are looked at while calls come; less for short deadlines. */
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(50);

    /** How long the thread waits for a call before it ends. */
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    /** In place of a time: the thread sleeps until it is woken, or is looking at the timers. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Set<Timer> timers = ConcurrentHashMap.newKeySet();
    private @Nullable Thread thread;
    private volatile boolean used;
    private volatile long round = ROUND;
    private volatile long wakesAt = UNKNOWN;

    /** Makes sure that the thread looks at the timers no later than then. */
    void expect(long until, long nanos) {
      if (!used) used = true;
      if (nanos / 2 < round) round = Math.max(nanos / 2, 1);
      long next = wakesAt;
      if (next != UNKNOWN && next - until <= 0) return;
      LockSupport.unpark(running());
    }

    private synchronized Thread running() {
      if (thread == null) {
        thread = new Thread(this, "headgate-wasm-watchdog");
        thread.setDaemon(true);
        thread.start();
      }
      return thread;
    }

    @Override
    public void run() {
      while (true) {
        // Set before the timers are looked at: who arms one from here on sees it and unparks.
        wakesAt = UNKNOWN;
        boolean quiet = !used;
        used = false;
        long least = Long.MAX_VALUE;
        for (Timer timer : timers) {
          least = Math.min(least, timer.fireIfDue(System.nanoTime()));
        }
        if (least == Long.MAX_VALUE && quiet) {
          LockSupport.parkNanos(this, PAUSE);
          if (ends()) return;
        } else {
          long nanos = Math.min(least, round);
          wakesAt = System.nanoTime() + nanos;
          LockSupport.parkNanos(this, nanos);
        }
      }
    }

    /** Who arms a timer says so before it asks for the thread, so that no call goes unguarded. */
    private synchronized boolean ends() {
      if (used) return false;
      thread = null;
      return true;
    }
  }
}
