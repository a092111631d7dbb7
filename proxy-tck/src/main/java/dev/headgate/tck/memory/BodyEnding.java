package dev.headgate.tck.memory;

/** How a body stands, or ended. */
public enum BodyEnding {
  /** More may come. */
  OPEN,
  /** All of it came, and its end. */
  CLEAN,
  /**
   * It broke off: a closed connection, a reset, fewer bytes than promised. Never taken for
   * complete.
   */
  UNCLEAN
}
