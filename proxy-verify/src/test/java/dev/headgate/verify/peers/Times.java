package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

/** The one promise about time that real peers can see: a client that left is left. */
final class Times {
  private Times() {}

  static void assertWithinASecond(long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofSeconds(1)) < 0, () -> "it took " + took);
  }
}
