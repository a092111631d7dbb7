package dev.headgate.tck.lab;

/** How a body ended. */
public enum Ending {
  /** All of it came, and its end. */
  CLEAN,
  /** It broke off: a closed or reset connection, or fewer bytes than promised. */
  UNCLEAN
}
