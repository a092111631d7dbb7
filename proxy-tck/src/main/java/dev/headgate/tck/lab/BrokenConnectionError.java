package dev.headgate.tck.lab;

import org.jspecify.annotations.Nullable;

/** A scripted client or upstream could not go on, since its connection broke. */
public final class BrokenConnectionError extends AssertionError {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param who whose connection
   * @param what what could not be done
   * @param cause why; null when not known
   */
  public BrokenConnectionError(String who, String what, @Nullable Throwable cause) {
    super(who + ": " + what + ": the connection broke", cause);
  }
}
