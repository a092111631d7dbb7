package dev.headgate.plugins.logging;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue and the one thread that empties it into a writer. {@link #offer} never waits for
 * the writer: when the queue is full, the event is dropped and counted, and the writer is told the
 * number. The thread is a daemon and begins with the first event. Thread-safe.
 */
final class BackgroundWriter {
  private final EventWriter writer;
  private final int capacity;
  private final String threadName;
  private final Queue<LogEvent> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /** Written under this object's lock, once. */
  private volatile @Nullable Thread thread;

  private volatile boolean idle;
  private volatile boolean closing;
  private volatile boolean abandoned;

  BackgroundWriter(EventWriter writer, int capacity, String threadName) {
    this.writer = writer;
    this.capacity = capacity;
    this.threadName = threadName;
  }

  /** Takes an event, or drops it. Does nothing after {@link #beginClose()}. */
  void offer(LogEvent event) {
    if (closing) return;
    if (queued.incrementAndGet() > capacity) {
      queued.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    queue.add(event);
    if (thread == null) start();
    if (idle) LockSupport.unpark(thread);
  }

  private synchronized void start() {
    if (thread != null || closing) return;
    Thread starting = new Thread(null, this::run, threadName, 0, false);
    starting.setDaemon(true);
    starting.start();
    thread = starting;
  }

  /** Lets the thread end when the queue is empty. */
  void beginClose() {
    closing = true;
    LockSupport.unpark(thread);
  }

  /** Waits until everything is written and the writer is closed. */
  void awaitClosed() throws InterruptedException {
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) running.join();
  }

  /** Gives up what is not written yet, and interrupts the writer if it hangs. Doesn't wait. */
  void giveUp() {
    abandoned = true;
    Thread running = thread;
    if (running != null) running.interrupt();
  }

  private void run() {
    try {
      int sinceReport = 0;
      while (!abandoned) {
        LogEvent event = queue.poll();
        if (event != null) {
          queued.decrementAndGet();
          guarded(() -> writer.write(event), 1);
          // Not with every event, lest the reports themselves be what the writer is busy with.
          if (++sinceReport < capacity) continue;
        }
        reportDropped();
        sinceReport = 0;
        if (event != null) continue;
        guarded(writer::flush, 0);
        if (closing && queue.isEmpty()) return;
        awaitWork();
      }
    } finally {
      guarded(writer::close, 0);
    }
  }

  private void awaitWork() {
    idle = true;
    while (queue.isEmpty() && !closing) {
      LockSupport.park(this);
      // An interrupt that isn't meant for us would make each park return at once.
      if (Thread.interrupted() && abandoned) break;
    }
    idle = false;
  }

  private void reportDropped() {
    long lines = dropped.getAndSet(0);
    if (lines > 0) guarded(() -> writer.dropped(lines), lines);
  }

  /** Keeps the thread alive whatever a writer (a foreign logging binding, say) throws. */
  private void guarded(Runnable action, long linesLostOtherwise) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      dropped.addAndGet(linesLostOtherwise);
    }
  }
}
