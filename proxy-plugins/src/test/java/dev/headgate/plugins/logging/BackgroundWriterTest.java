package dev.headgate.plugins.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

@Timeout(30)
class BackgroundWriterTest {
  /** Keeps what it is told, and waits for a permit before each write if asked to. */
  private static class Recorder implements EventWriter {
    final List<String> told = new CopyOnWriteArrayList<>();
    final CountDownLatch writing = new CountDownLatch(1);
    final Semaphore flushed = new Semaphore(0);
    final Semaphore permits;

    Recorder(int permits) {
      this.permits = new Semaphore(permits);
    }

    @Override
    public void write(LogEvent event) {
      writing.countDown();
      try {
        permits.acquire();
      } catch (InterruptedException e) {
        told.add("interrupted");
        return;
      }
      told.add(event.message());
    }

    @Override
    public void dropped(long lines) {
      told.add("dropped " + lines);
    }

    @Override
    public void flush() {
      flushed.release();
    }

    @Override
    public void close() {
      told.add("closed by " + Thread.currentThread().getName());
    }
  }

  private static LogEvent event(String message) {
    return LogEvent.draft(0, Level.INFO).saying(message);
  }

  private static void close(BackgroundWriter writer) throws InterruptedException {
    writer.beginClose();
    writer.awaitClosed();
  }

  private static boolean runs(String threadName) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(threadName));
  }

  @Test
  void writesInOrderAndClosesOnItsOwnThread() throws Exception {
    Recorder recorder = new Recorder(100);
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-order");
    for (int i = 0; i < 50; i++) writer.offer(event("e" + i));
    close(writer);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) expected.add("e" + i);
    expected.add("closed by t-order");
    assertEquals(expected, recorder.told);
    assertFalse(runs("t-order"));
  }

  @Test
  void startsNoThreadWithoutAnEvent() throws Exception {
    Recorder recorder = new Recorder(1);
    BackgroundWriter writer = new BackgroundWriter(recorder, 1, "t-none");
    assertFalse(runs("t-none"));
    close(writer);
    assertEquals(List.of(), recorder.told);
  }

  @Test
  void flushesWhenThereIsNothingMoreAndWakesUpAgain() throws Exception {
    Recorder recorder = new Recorder(100);
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-flush");
    for (int i = 1; i <= 3; i++) {
      writer.offer(event("e" + i));
      while (recorder.told.size() < i) recorder.flushed.acquire();
    }
    assertEquals(List.of("e1", "e2", "e3"), recorder.told);
    close(writer);
  }

  @Test
  void dropsAndCountsWhenFullWithoutWaiting() throws Exception {
    Recorder recorder = new Recorder(0);
    BackgroundWriter writer = new BackgroundWriter(recorder, 2, "t-full");
    writer.offer(event("taken"));
    recorder.writing.await();
    for (int i = 1; i <= 5; i++) writer.offer(event("e" + i));
    recorder.permits.release(100);
    close(writer);
    assertEquals(List.of("taken", "e1", "dropped 3", "e2", "closed by t-full"), recorder.told);
  }

  @Test
  void countsEveryEventUnderContention() throws Exception {
    int threads = 4;
    int each = 5_000;
    List<Long> counts = new CopyOnWriteArrayList<>();
    Recorder recorder =
        new Recorder(Integer.MAX_VALUE / 2) {
          @Override
          public void dropped(long lines) {
            counts.add(lines);
          }
        };
    BackgroundWriter writer = new BackgroundWriter(recorder, 16, "t-many");
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Thread> offering = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  together.await();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
                for (int i = 0; i < each; i++) writer.offer(event("e"));
              });
      offering.add(thread);
      thread.start();
    }
    for (Thread thread : offering) thread.join();
    close(writer);
    long written = recorder.told.size() - 1L;
    long dropped = counts.stream().mapToLong(Long::longValue).sum();
    assertEquals((long) threads * each, written + dropped);
  }

  @Test
  void goesOnAfterAWriterThatThrows() throws Exception {
    Recorder recorder =
        new Recorder(0) {
          @Override
          public void write(LogEvent event) {
            if (event.message().equals("bad")) throw new IllegalStateException("appender");
            if (event.message().equals("worse")) throw new NoClassDefFoundError("encoder");
            super.write(event);
          }
        };
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-throws");
    for (String message : List.of("a", "bad", "worse", "b")) writer.offer(event(message));
    recorder.permits.release(100);
    close(writer);
    assertEquals(List.of("a", "b", "dropped 2", "closed by t-throws"), recorder.told);
  }

  @Test
  void takesNothingAfterItsEnd() throws Exception {
    Recorder recorder = new Recorder(100);
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-late");
    writer.offer(event("a"));
    close(writer);
    writer.offer(event("late"));
    assertEquals(List.of("a", "closed by t-late"), recorder.told);
  }

  @Test
  void givesUpAWriterThatHangs() throws Exception {
    Recorder recorder = new Recorder(0);
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-hangs");
    writer.offer(event("stuck"));
    writer.offer(event("never"));
    recorder.writing.await();
    writer.beginClose();
    writer.giveUp();
    writer.awaitClosed();
    assertEquals(List.of("interrupted", "closed by t-hangs"), recorder.told);
  }

  @Test
  void survivesAStrayInterrupt() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    Recorder recorder =
        new Recorder(100) {
          @Override
          public void write(LogEvent event) {
            super.write(event);
            threads.add(Thread.currentThread());
            Thread.currentThread().interrupt();
          }
        };
    BackgroundWriter writer = new BackgroundWriter(recorder, 100, "t-stray");
    writer.offer(event("a"));
    while (threads.isEmpty()) recorder.flushed.acquire();
    assertTrue(threads.get(0).isDaemon());
    writer.offer(event("b"));
    close(writer);
    assertEquals(2, threads.size());
  }
}
