package dev.headgate.api;

/** How an exchange ended. */
public enum Outcome {
  /** The response went out in full, whatever its status. */
  COMPLETED,
  /** The client went away before that. */
  CLIENT_GONE,
  /** An error was sent in place of a response. */
  FAILED,
  /** The response had begun and was aborted: the client saw an unclean end. */
  ABORTED
}
