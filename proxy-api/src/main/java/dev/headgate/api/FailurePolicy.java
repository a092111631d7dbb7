package dev.headgate.api;

/** What becomes of an exchange when a plugin fails in it. */
public enum FailurePolicy {
  /** The exchange goes on as if the plugin were not there. The default. */
  FAIL_OPEN,
  /**
   * The exchange ends: with an error that names the plugin before the response has begun, and with
   * an aborted stream, never a clean end, after it. For authentication, redaction, content
   * inspection.
   */
  FAIL_CLOSED
}
