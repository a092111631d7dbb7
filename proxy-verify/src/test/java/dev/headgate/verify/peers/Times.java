package dev.headgate.verify.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

/** The one promise about time that real peers can see: a client that left is left. */
final class Times {
  /** Far below every deadline of the proxy's, and above what a busy machine adds. */
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private Times() {}

  static void assertAtOnce(long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(AT_ONCE) < 0, () -> "it took " + took);
  }
}
