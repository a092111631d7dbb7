package dev.headgate.core.spi;

import dev.headgate.api.error.ProxyError;
import java.util.Objects;

/**
 * A {@link ProxyError} where only a Throwable fits: the failure of a body, the reason of an abort.
 * Without a stack trace, as the error says where it came from.
 */
public final class ProxyErrorException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ProxyError error;

  /**
   * Wraps an error.
   *
   * @param error the error
   */
  public ProxyErrorException(ProxyError error) {
    super(error.code().id() + ": " + error.detail(), error.cause(), false, false);
    this.error = Objects.requireNonNull(error, "error");
  }

  /**
   * Returns the error.
   *
   * @return the error
   */
  public ProxyError error() {
    return error;
  }
}
