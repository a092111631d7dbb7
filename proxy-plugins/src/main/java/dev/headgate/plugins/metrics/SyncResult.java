package dev.headgate.plugins.metrics;

/**
 * How a sync ended.
 *
 * @param kind what came of it
 * @param status the API's last status; 0 when there was none
 * @param deltas how many deltas the API took
 */
record SyncResult(Kind kind, int status, long deltas) {
  /** What came of a sync. */
  enum Kind {
    /** Nothing was pending. */
    NOTHING("nothing_pending"),
    /** The API took all. */
    SYNCED("synced"),
    /** Someone else is syncing this session. */
    BUSY("busy"),
    /** Network errors, timeouts, 5xx or 429, to the last attempt. */
    UNREACHABLE("unreachable"),
    /** The API refused the credentials, the metric or the request. */
    REFUSED("refused"),
    /** The session's credentials could not be had. */
    NO_CREDENTIALS("no_credentials"),
    /** The files could not be read or written. */
    NO_STORAGE("no_storage"),
    /** The proxy's stop could not wait any longer. */
    ABANDONED("abandoned");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** Returns the name in files and logs. */
    String label() {
      return label;
    }
  }
}
