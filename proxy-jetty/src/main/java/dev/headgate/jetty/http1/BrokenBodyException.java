package dev.headgate.jetty.http1;

import java.io.IOException;

/** The framing of a body is broken, or its connection ended inside it. Without a stack trace. */
public final class BrokenBodyException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message what, for the log
   */
  public BrokenBodyException(String message) {
    super(message);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
