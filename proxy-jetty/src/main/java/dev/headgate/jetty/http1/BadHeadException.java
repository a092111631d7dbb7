package dev.headgate.jetty.http1;

/** A message's head is not legal, or over the parser's limit. Without a stack trace. */
public final class BadHeadException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  BadHeadException(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /**
   * Returns what the parser says.
   *
   * @return a status such as 400 or 431; for a response one of its own
   */
  public int code() {
    return code;
  }
}
