package dev.headgate.core.spi;

import java.io.IOException;

/**
 * An address that must not be connected to. Its message names the address, and is for the log only.
 * Without a stack trace.
 */
public final class AddressDeniedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is denied
   */
  public AddressDeniedException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
