package dev.headgate.plugins.auth;

import org.jspecify.annotations.Nullable;

/** The supplier gave no usable credentials. The message never holds a secret. */
final class CredentialsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CredentialsException(String message) {
    this(message, null);
  }

  CredentialsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
