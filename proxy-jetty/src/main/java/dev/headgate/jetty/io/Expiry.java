package dev.headgate.jetty.io;

import org.eclipse.jetty.util.NanoTime;

/** Moments of {@link NanoTime} at which something is over, as Jetty's cyclic timeouts take them. */
public final class Expiry {
  /** It is not over by itself. */
  public static final long NEVER = Long.MAX_VALUE;

  private Expiry() {}

  /**
   * Returns a moment to come.
   *
   * @param nanos how long until then
   * @return the moment, never {@link #NEVER}
   */
  public static long in(long nanos) {
    long at = NanoTime.now() + nanos;
    return at == NEVER ? at + 1 : at;
  }

  /**
   * Returns whether a moment has come.
   *
   * @param at the moment, or {@link #NEVER}
   * @return whether it is now or was before
   */
  public static boolean isOver(long at) {
    return at != NEVER && NanoTime.until(at) <= 0;
  }
}
