package dev.headgate;

/** A proxy that is configured rightly could not be started; nothing is left behind. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
