package dev.headgate.core.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {
  private static EngineOptions of(int maxThreads) {
    return new EngineOptions("test", maxThreads, 1 << 20, 2, Duration.ofSeconds(30), 2048);
  }

  @Test
  void someThreadsMoveBytesAndLeaveSomeForTheRest() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals(Math.max(1, Math.min(processors - 1, 50)), of(200).ioThreads());
    assertEquals(1, of(4).ioThreads());
  }

  @Test
  void numberOfIoThreadsIsChecked() {
    assertEquals(3, of(8).withIoThreads(3).ioThreads());
    assertTrue(refusal(0).contains("ioThreads must be 1 to 6, but was 0"));
    assertTrue(refusal(7).contains("ioThreads must be 1 to 6, but was 7"));
  }

  private static String refusal(int ioThreads) {
    EngineOptions options = of(8);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> options.withIoThreads(ioThreads));
    return String.valueOf(refused.getMessage());
  }
}
