package dev.headgate.jetty.server;

import dev.headgate.api.error.ErrorCode;

/**
 * Why a request can't be served as HTTP: what {@code reject} of the core renders. Without a stack
 * trace.
 */
final class Rejection extends Exception {
  private static final long serialVersionUID = 1L;

  /** An HTTP version that this listener does not speak: 505. */
  static final ErrorCode VERSION_NOT_SUPPORTED =
      new ErrorCode("version_not_supported", 505, "http_request_error");

  private final transient ErrorCode code;

  Rejection(ErrorCode code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  static Rejection malformed(String detail) {
    return new Rejection(ErrorCode.BAD_REQUEST, detail);
  }

  ErrorCode code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
