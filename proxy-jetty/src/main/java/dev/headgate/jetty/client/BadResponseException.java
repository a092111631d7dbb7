package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;

/** An upstream's response is not one of HTTP/1.1, or over a limit. Without a stack trace. */
final class BadResponseException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient UpstreamFault fault;

  BadResponseException(UpstreamFault fault) {
    super(fault.detail(), fault.cause(), false, false);
    this.fault = fault;
  }

  UpstreamFault fault() {
    return fault;
  }
}
