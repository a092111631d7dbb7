package dev.headgate.jetty.client;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Names what went wrong with an upstream; details never hold a host's name or an exception's text.
 * Stateless.
 */
final class Faults {
  private Faults() {}

  /** A connection could not be opened: the request was not sent. */
  static UpstreamFault connect(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return new UpstreamFault(
          ErrorCode.DNS_ERROR,
          Phase.CONNECT,
          "The upstream's name can't be resolved.",
          true,
          cause);
    }
    return new UpstreamFault(
        ErrorCode.CONNECT_FAILED, Phase.CONNECT, "The upstream can't be reached.", true, cause);
  }

  static UpstreamFault connectTimeout() {
    return new UpstreamFault(
        ErrorCode.CONNECT_TIMEOUT,
        Phase.CONNECT,
        "No connection to the upstream in time.",
        true,
        null);
  }

  static UpstreamFault tls(Throwable cause) {
    return new UpstreamFault(
        ErrorCode.TLS_FAILED, Phase.TLS, "TLS with the upstream could not be set up.", true, cause);
  }

  static UpstreamFault tlsTimeout() {
    return new UpstreamFault(
        ErrorCode.CONNECT_TIMEOUT, Phase.TLS, "No TLS with the upstream in time.", true, null);
  }

  /** The connection ended before a response's head was complete. */
  static UpstreamFault aborted(boolean requestSent, @Nullable Throwable cause) {
    return new UpstreamFault(
        ErrorCode.UPSTREAM_ABORTED,
        requestSent ? Phase.AWAIT_RESPONSE : Phase.SEND_REQUEST,
        "The upstream closed the connection before its response.",
        false,
        cause);
  }

  /** The request's body ended early, or was not as long as it said. */
  static UpstreamFault requestBody(Throwable cause) {
    return new UpstreamFault(
        ErrorCode.UPSTREAM_ABORTED,
        Phase.SEND_REQUEST,
        "The request's body ended early.",
        false,
        cause);
  }

  /** The upstream reset the stream before a response's head. */
  static UpstreamFault reset(boolean requestSent, boolean unprocessed, Throwable cause) {
    return new UpstreamFault(
        ErrorCode.UPSTREAM_ABORTED,
        requestSent ? Phase.AWAIT_RESPONSE : Phase.SEND_REQUEST,
        "The upstream reset the stream before its response.",
        unprocessed,
        cause);
  }

  /** A 101 that was not asked for, or that does not say what it switches to. */
  static UpstreamFault switchedUnasked() {
    return malformed("The upstream switched protocols unasked.", null);
  }

  static UpstreamFault malformed(String what, @Nullable Throwable cause) {
    return new UpstreamFault(ErrorCode.UPSTREAM_PROTOCOL, Phase.AWAIT_RESPONSE, what, false, cause);
  }

  static UpstreamFault headTooLarge(int limit) {
    return new UpstreamFault(
        ErrorCode.RESPONSE_TOO_LARGE,
        Phase.AWAIT_RESPONSE,
        "The response's head is over the limit of " + limit + " bytes.",
        false,
        null);
  }
}
