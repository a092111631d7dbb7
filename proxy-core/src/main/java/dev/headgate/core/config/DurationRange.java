package dev.headgate.core.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which durations a setting takes. None takes more than a hundred years, which is what a deadline
 * can hold in nanoseconds; for "never" settings have null, or a way of their own.
 */
public enum DurationRange {
  /** More than nothing. */
  ABOVE_ZERO("above zero"),
  /** Nothing, too. */
  ZERO_OR_MORE("zero or more");

  /** A hundred years. */
  public static final Duration MOST = Duration.ofDays(36_500);

  private final String least;

  DurationRange(String least) {
    this.least = least;
  }

  /**
   * Checks a value.
   *
   * @param name the setting's name
   * @param value its value
   * @param mistakes gets a sentence with the offending value and what was expected
   */
  public void check(String name, @Nullable Duration value, List<String> mistakes) {
    if (value == null) {
      mistakes.add(name + " must be a duration, but was null");
    } else if (value.isNegative() || (this == ABOVE_ZERO && value.isZero())) {
      mistakes.add(name + " must be " + least + ", but was " + value);
    } else if (value.compareTo(MOST) > 0) {
      mistakes.add(name + " must be a hundred years (" + MOST + ") at most, but was " + value);
    }
  }

  /**
   * Returns a duration that nobody has checked as nanoseconds.
   *
   * @param value any
   * @return its nanoseconds; 0 for a negative one, and those of {@link #MOST} for a longer one
   */
  public static long nanosWithin(Duration value) {
    if (value.isNegative()) return 0;
    return (value.compareTo(MOST) > 0 ? MOST : value).toNanos();
  }
}
