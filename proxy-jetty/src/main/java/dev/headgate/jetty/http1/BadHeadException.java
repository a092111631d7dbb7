package dev.headgate.jetty.http1;

/** A message's head is not legal, or over a limit. Without a stack trace. */
public final class BadHeadException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * Says what is wrong.
   *
   * @param code 431 for its size, else 400
   * @param reason what, for the log
   */
  public BadHeadException(int code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  /**
   * Returns what is wrong as a status.
   *
   * @return 431 for its size, else 400
   */
  public int code() {
    return code;
  }
}
