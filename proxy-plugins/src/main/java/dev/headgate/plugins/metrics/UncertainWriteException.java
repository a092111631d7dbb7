package dev.headgate.plugins.metrics;

import java.io.IOException;

/** A write failed and could not be taken back: it may or may not be found in the file later. */
final class UncertainWriteException extends IOException {
  private static final long serialVersionUID = 1;

  UncertainWriteException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
