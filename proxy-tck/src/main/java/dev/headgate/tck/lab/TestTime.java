package dev.headgate.tck.lab;

import java.time.Duration;

/** The engine's time. */
public interface TestTime {
  /**
   * Lets time pass: moves a virtual clock, or waits until a real one has moved so far. What became
   * due by then has been started.
   *
   * @param time how long; at most a second where it is real
   */
  void advance(Duration time);

  /**
   * Returns whether the clock stands still unless moved.
   *
   * @return whether the backend has {@link dev.headgate.core.spi.Capability#VIRTUAL_TIME}
   */
  boolean virtual();
}
