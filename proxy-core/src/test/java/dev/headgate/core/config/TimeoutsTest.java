package dev.headgate.core.config;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
  @Test
  void defaultsLetModelThinkForMinutes() {
    Timeouts timeouts = Timeouts.defaults();
    Duration minutes = Duration.ofMinutes(10);
    assertTrue(timeouts.firstByte().compareTo(minutes) >= 0);
    assertTrue(timeouts.responseIdle().compareTo(minutes) >= 0);
    assertNull(timeouts.total());
  }

  @Test
  void waitForConnectionIsBounded() {
    assertTrue(Timeouts.defaults().connect().compareTo(Duration.ofSeconds(30)) <= 0);
  }
}
