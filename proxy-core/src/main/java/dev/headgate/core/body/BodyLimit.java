package dev.headgate.core.body;

import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.spi.ProxyErrorException;

/** The error of a request's body that is over a limit. */
public final class BodyLimit {
  private BodyLimit() {}

  /**
   * Makes the error.
   *
   * @param maxBytes the limit
   * @return 413 as an exception
   */
  public static ProxyErrorException exceeded(long maxBytes) {
    return new ProxyErrorException(
        new ClientFault(
            ErrorCode.BODY_TOO_LARGE,
            Phase.SEND_REQUEST,
            "The request's body is over the limit of " + maxBytes + " bytes."));
  }
}
