package dev.headgate.core.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
  private final AtomicInteger emptied = new AtomicInteger();
  private final Gate gate = new Gate(emptied::incrementAndGet);

  @Test
  void emptiesAtOnceWhenNobodyIsInside() {
    gate.close();
    assertEquals(1, emptied.get());
    assertFalse(gate.enter());
  }

  @Test
  void waitsForTheLastToLeave() {
    assertTrue(gate.enter());
    assertTrue(gate.enter());
    gate.close();
    gate.close();
    gate.exit();
    assertEquals(0, emptied.get());
    gate.exit();
    assertEquals(1, emptied.get());
  }

  @Test
  void emptiesOnceWhateverTheRace() throws Exception {
    for (int round = 0; round < 500; round++) {
      AtomicInteger count = new AtomicInteger();
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger late = new AtomicInteger();
      Gate raced =
          new Gate(
              () -> {
                count.incrementAndGet();
                late.addAndGet(inside.get());
              });
      CountDownLatch start = new CountDownLatch(1);
      Thread visitor =
          new Thread(
              () -> {
                await(start);
                while (raced.enter()) {
                  inside.incrementAndGet();
                  inside.decrementAndGet();
                  raced.exit();
                }
              });
      visitor.start();
      start.countDown();
      raced.close();
      visitor.join();
      assertEquals(1, count.get());
      assertEquals(0, late.get());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
