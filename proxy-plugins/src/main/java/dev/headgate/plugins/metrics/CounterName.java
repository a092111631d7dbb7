package dev.headgate.plugins.metrics;

/** What names and amounts of custom counters must look like. */
final class CounterName {
  private static final int MAX_LENGTH = 64;

  private CounterName() {}

  /**
   * Checks a recording.
   *
   * @throws IllegalArgumentException with the offending value and what was expected
   */
  static void check(String name, long amount) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "counter name must be a letter or digit, then letters, digits, '_', '.' or '-', "
              + MAX_LENGTH
              + " characters at most, but was '"
              + name
              + "'");
    }
    if (amount < 0) {
      throw new IllegalArgumentException(
          "amount of counter '" + name + "' must be 0 or more, but was " + amount);
    }
  }

  private static boolean isName(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
      return false;
    }
    return name.chars().allMatch(c -> isAlphanumeric(c) || c == '_' || c == '.' || c == '-');
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
