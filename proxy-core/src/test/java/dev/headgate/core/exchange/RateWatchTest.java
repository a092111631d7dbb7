package dev.headgate.core.exchange;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RateWatchTest {
  private final RateWatch watch = new RateWatch(100, SECONDS.toNanos(5));

  private static long s(long seconds) {
    return SECONDS.toNanos(seconds);
  }

  @Test
  void graceComesFirst() {
    assertEquals(s(5), watch.begin(0, 0));
    watch.end(s(2));
    assertEquals(s(3), watch.begin(s(100), 400));
  }

  @Test
  void bytesBuyTime() {
    assertEquals(s(5), watch.begin(0, 0));
    watch.end(s(4));
    // 1000 bytes at 100 a second are 10 s, of which 4 are gone.
    assertEquals(s(6), watch.begin(s(4), 1000));
    watch.end(s(9));
    assertTrue(watch.begin(s(9), 800) < 0);
  }

  @Test
  void onlyWaitingCounts() {
    assertEquals(s(5), watch.begin(0, 0));
    watch.end(s(1));
    watch.end(s(50));
    assertEquals(s(4), watch.begin(s(1000), 1));
  }

  @Test
  void beginningAgainGoesOn() {
    assertEquals(s(5), watch.begin(0, 0));
    assertEquals(s(3), watch.begin(s(2), 0));
  }

  @Test
  void largeBodiesDoNotOverflow() {
    assertTrue(watch.begin(0, Long.MAX_VALUE) > 0);
  }
}
