package dev.headgate.jetty.client;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.spi.AddressDeniedException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
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
    if (cause instanceof AddressDeniedException) {
      return new UpstreamFault(
          ErrorCode.ADDRESS_DENIED,
          Phase.CONNECT,
          "This proxy does not connect there.",
          false,
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

  /** The proxy through which the upstream is reached did not open the way to it. */
  static UpstreamFault parent(Throwable cause) {
    return new UpstreamFault(
        ErrorCode.CONNECT_FAILED,
        Phase.CONNECT,
        "The proxy in front of the upstream opened no way to it.",
        true,
        cause);
  }

  /** TLS could not be set up: the request was not sent. */
  static UpstreamFault tls(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException
          || t instanceof CertPathValidatorException
          || t instanceof CertPathBuilderException) {
        return new UpstreamFault(
            ErrorCode.TLS_CERTIFICATE,
            Phase.TLS,
            "The upstream's certificate is not trusted, not valid, or for another host.",
            true,
            cause);
      }
    }
    if (isAlert(cause)) return alert(Phase.TLS, true, cause);
    return new UpstreamFault(
        ErrorCode.TLS_FAILED, Phase.TLS, "TLS with the upstream could not be set up.", true, cause);
  }

  private static UpstreamFault alert(Phase phase, boolean safe, Throwable cause) {
    return new UpstreamFault(
        ErrorCode.TLS_ALERT, phase, "The upstream refused the TLS connection.", safe, cause);
  }

  /** The JDK has no type for an alert that was received, only this text. */
  private static boolean isAlert(@Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      String text = t.getMessage();
      if (t instanceof SSLException && text != null && text.contains("Received fatal alert")) {
        return true;
      }
    }
    return false;
  }

  /** WebSocket was asked of an upstream of HTTP/2 that has no extended CONNECT. */
  static UpstreamFault noExtendedConnect() {
    return new UpstreamFault(
        ErrorCode.UPSTREAM_PROTOCOL,
        Phase.SEND_REQUEST,
        "The upstream does not take WebSocket over HTTP/2.",
        true,
        null);
  }

  static UpstreamFault noHttp2() {
    return new UpstreamFault(
        ErrorCode.UPSTREAM_PROTOCOL, Phase.TLS, "The upstream does not speak HTTP/2.", true, null);
  }

  static UpstreamFault tlsTimeout() {
    return new UpstreamFault(
        ErrorCode.CONNECT_TIMEOUT, Phase.TLS, "No TLS with the upstream in time.", true, null);
  }

  /** The connection ended before a response's head was complete. */
  static UpstreamFault aborted(boolean requestSent, @Nullable Throwable cause) {
    // In TLS 1.3 an upstream refuses a client's certificate after the handshake.
    if (cause != null && isAlert(cause)) {
      return alert(requestSent ? Phase.AWAIT_RESPONSE : Phase.SEND_REQUEST, false, cause);
    }
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
