package dev.headgate.plugins.metrics;

/**
 * One custom counter: how much, in how many recordings. Sums stop at the largest long.
 *
 * @param sum the amounts together
 * @param count the number of recordings
 */
record Counter(long sum, long count) {
  Counter plus(Counter other) {
    return new Counter(add(sum, other.sum), add(count, other.count));
  }

  /** Adds two numbers of 0 or more; stays at the largest long instead of going negative. */
  static long add(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
