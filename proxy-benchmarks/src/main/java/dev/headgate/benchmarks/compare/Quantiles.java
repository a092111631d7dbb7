package dev.headgate.benchmarks.compare;

import java.util.Arrays;

/** Quantiles of a sample. */
final class Quantiles {
  private Quantiles() {}

  /** Returns the value below which a part of the sample lies; NaN for an empty one. */
  static double of(double[] sample, double part) {
    if (sample.length == 0) return Double.NaN;
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * (sorted.length - 1)))];
  }

  static double median(double[] sample) {
    if (sample.length == 0) return Double.NaN;
    double[] sorted = sample.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
