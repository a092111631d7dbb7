package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The clock, the timers, and the threads. */
class TimeTest {
  private final MemoryEngine engine = new MemoryBackend().start();
  private final List<String> order = new ArrayList<>();

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void timersRunInOrderAtTheirOwnTime() {
    long start = engine.nanoTime();
    engine.schedule(20, () -> order.add("b" + (engine.nanoTime() - start)));
    engine.schedule(20, () -> order.add("c" + (engine.nanoTime() - start)));
    engine.schedule(
        10, () -> engine.schedule(5, () -> order.add("a" + (engine.nanoTime() - start))));
    engine.schedule(31, () -> order.add("late"));
    engine.advance(Duration.ofNanos(30));
    assertEquals(List.of("a15", "b20", "c20"), order);
    assertEquals(30, engine.nanoTime() - start);
    assertEquals(1, engine.usage().pendingTimers());
  }

  @Test
  void cancelledTimerDoesNotRun() {
    Engine.Timer timer = engine.schedule(10, () -> order.add("never"));
    timer.cancel();
    engine.advance(Duration.ofSeconds(1));
    assertTrue(order.isEmpty());
    engine.assertNothingLeaked();
  }

  @Test
  void clockMovesWithTheTime() {
    Instant before = engine.clock().instant();
    engine.advance(Duration.ofHours(3));
    assertEquals(Duration.ofHours(3), Duration.between(before, engine.clock().instant()));
    assertThrows(IllegalArgumentException.class, () -> engine.advance(Duration.ofNanos(-1)));
  }

  @Test
  void zeroDelayRunsSoonWithoutTime() {
    engine.schedule(0, () -> order.add("now"));
    engine.awaitIdle();
    assertEquals(List.of("now"), order);
  }

  @Test
  void idlenessWaitsForBlockingTasks() {
    CountDownLatch latch = new CountDownLatch(1);
    engine
        .blockingExecutor()
        .execute(
            () -> {
              await(latch);
              engine.schedule(0, () -> order.add("after"));
            });
    engine.advance(Duration.ofSeconds(1));
    assertEquals(1, engine.usage().blockingTasks());
    latch.countDown();
    engine.awaitIdle();
    assertEquals(List.of("after"), order);
  }

  @Test
  void closeInterruptsBlockingTasks() {
    CountDownLatch started = new CountDownLatch(1);
    engine
        .blockingExecutor()
        .execute(
            () -> {
              started.countDown();
              await(new CountDownLatch(1));
            });
    await(started);
    engine.close();
    assertEquals(0, engine.usage().blockingTasks());
  }

  @Test
  void dispatcherMayDoTheBlockingWork() {
    MemoryEngine single = new MemoryBackend().withBlockingOnDispatcher().start();
    Thread[] threads = new Thread[2];
    single.schedule(0, () -> threads[0] = Thread.currentThread());
    single.blockingExecutor().execute(() -> threads[1] = Thread.currentThread());
    single.awaitIdle();
    assertEquals(threads[0], threads[1]);
    single.close();
    single.close();
    assertFalse(threads[0].isAlive());
  }

  @Test
  void dispatcherMustNotWait() {
    engine.schedule(0, engine::awaitIdle);
    engine.awaitIdle();
    assertEquals(1, engine.violations().size());
  }

  @Test
  void observerSeesTheEngine() {
    List<MemoryEngine> seen = new ArrayList<>();
    MemoryEngine started = new MemoryBackend().withObserver(seen::add).start();
    assertEquals(List.of(started), seen);
    started.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
