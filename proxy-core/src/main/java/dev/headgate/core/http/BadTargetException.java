package dev.headgate.core.http;

import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;

/**
 * A request target or Host that must be answered with 400.
 *
 * <p>Without a stack trace, so that a flood of bad requests does no harm. Immutable, for any
 * thread.
 */
public final class BadTargetException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, fit to be shown to a client. */
  private final String detail;

  BadTargetException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /**
   * Returns what to tell the client.
   *
   * @return a fault with the code {@code bad_request}, the phase {@code RECEIVE_REQUEST} and a
   *     constant detail, which says what is wrong and never quotes the client
   */
  public ClientFault fault() {
    return new ClientFault(ErrorCode.BAD_REQUEST, Phase.RECEIVE_REQUEST, detail);
  }
}
