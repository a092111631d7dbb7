package dev.headgate.benchmarks.guard;

/** How much may be allocated: what was measured, and a margin for other JVMs and JDKs. */
final class Bounds {
  private static final double MARGIN = 1.25;

  /** For a tiny request and its answer, with five plugins. The aim is 2048. */
  static final double BYTES_PER_REQUEST = 1_980 * MARGIN;

  /** For a chunk that nobody changes, beside the pool's buffer: its content and a view. */
  static final double BYTES_PER_CHUNK = 104 * MARGIN;

  /** How far two measurements of the same may lie apart. */
  static final double NOISE = 1.05;

  /** The same, for small numbers. */
  static final double NOISE_BYTES = 64;

  private Bounds() {}
}
