package dev.headgate.api.error;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What went wrong, as a stable code for programs: it stands in the error body as {@code code} and
 * decides the status.
 *
 * @param id the code, lower case with underscores, such as {@code no_route}
 * @param status the status a client gets when its response has not begun, 400 to 599
 * @param proxyStatus the error type of {@code Proxy-Status} (RFC 9209 §2.3)
 */
public record ErrorCode(String id, int status, String proxyStatus) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** The request is malformed: 400. */
  public static final ErrorCode BAD_REQUEST =
      new ErrorCode("bad_request", 400, "http_request_error");

  /** The method can't be used here: 405. */
  public static final ErrorCode METHOD_NOT_ALLOWED =
      new ErrorCode("method_not_allowed", 405, "http_request_denied");

  /** The client sent its request's head or body too slowly: 408. */
  public static final ErrorCode REQUEST_TIMEOUT =
      new ErrorCode("request_timeout", 408, "http_request_error");

  /** The request's body is over a limit: 413. */
  public static final ErrorCode BODY_TOO_LARGE =
      new ErrorCode("body_too_large", 413, "http_request_denied");

  /** The request line is over its limit: 414. */
  public static final ErrorCode URI_TOO_LONG =
      new ErrorCode("uri_too_long", 414, "http_request_denied");

  /** The expectation can't be met: 417. */
  public static final ErrorCode EXPECTATION_FAILED =
      new ErrorCode("expectation_failed", 417, "http_request_denied");

  /** The Host is not one this listener serves (DNS rebinding): 421. */
  public static final ErrorCode HOST_NOT_ALLOWED =
      new ErrorCode("host_not_allowed", 421, "http_request_denied");

  /** The request's fields are over their limit: 431. */
  public static final ErrorCode FIELDS_TOO_LARGE =
      new ErrorCode("fields_too_large", 431, "http_request_denied");

  /** A transfer coding or method that this intermediary does not implement: 501. */
  public static final ErrorCode NOT_IMPLEMENTED =
      new ErrorCode("not_implemented", 501, "http_request_error");

  /** The client went away; nobody is left to get the status. */
  public static final ErrorCode CLIENT_GONE =
      new ErrorCode("client_gone", 499, "http_request_error");

  /** No route matches: 404. */
  public static final ErrorCode NO_ROUTE = new ErrorCode("no_route", 404, "destination_not_found");

  /** A CONNECT that the policy denies: 403. */
  public static final ErrorCode CONNECT_DENIED =
      new ErrorCode("connect_denied", 403, "http_request_denied");

  /** A forward proxy's client did not say who it is, or is not let in: 407. */
  public static final ErrorCode PROXY_AUTH_REQUIRED =
      new ErrorCode("proxy_auth_required", 407, "http_request_denied");

  /** A host that the forward proxy's policy denies: 403. */
  public static final ErrorCode DESTINATION_DENIED =
      new ErrorCode("destination_denied", 403, "http_request_denied");

  /** An address that the proxy must not connect to: 403. */
  public static final ErrorCode ADDRESS_DENIED =
      new ErrorCode("address_denied", 403, "destination_ip_prohibited");

  /** No healthy target: 503. */
  public static final ErrorCode NO_TARGET =
      new ErrorCode("no_target", 503, "destination_unavailable");

  /** Too much to do at once: 503. */
  public static final ErrorCode OVERLOADED =
      new ErrorCode("overloaded", 503, "connection_limit_reached");

  /** The proxy is stopping: 503. */
  public static final ErrorCode STOPPING =
      new ErrorCode("stopping", 503, "destination_unavailable");

  /** The request has come through this proxy before: 508. */
  public static final ErrorCode LOOP = new ErrorCode("loop", 508, "proxy_loop_detected");

  /** A fault inside the proxy: 500. */
  public static final ErrorCode INTERNAL = new ErrorCode("internal", 500, "proxy_internal_error");

  /** The exchange took longer than its total limit: 504. */
  public static final ErrorCode TOTAL_TIMEOUT =
      new ErrorCode("total_timeout", 504, "connection_timeout");

  /** A plugin that must not fail has failed: 500. */
  public static final ErrorCode PLUGIN_FAILED =
      new ErrorCode("plugin_failed", 500, "proxy_internal_error");

  /** A plugin that must not fail is suspended after repeated faults: 503. */
  public static final ErrorCode PLUGIN_SUSPENDED =
      new ErrorCode("plugin_suspended", 503, "proxy_internal_error");

  /** The upstream's name can't be resolved: 502. */
  public static final ErrorCode DNS_ERROR = new ErrorCode("dns_error", 502, "dns_error");

  /** The upstream refused the connection, or it can't be reached: 502. */
  public static final ErrorCode CONNECT_FAILED =
      new ErrorCode("connect_failed", 502, "connection_refused");

  /** No connection to the upstream in time: 504. */
  public static final ErrorCode CONNECT_TIMEOUT =
      new ErrorCode("connect_timeout", 504, "connection_timeout");

  /** TLS with the upstream failed: 502. */
  public static final ErrorCode TLS_FAILED = new ErrorCode("tls_failed", 502, "tls_protocol_error");

  /** The upstream's certificate is not trusted, not valid, or for another host: 502. */
  public static final ErrorCode TLS_CERTIFICATE =
      new ErrorCode("tls_certificate", 502, "tls_certificate_error");

  /** The upstream refused in the TLS handshake: 502. */
  public static final ErrorCode TLS_ALERT = new ErrorCode("tls_alert", 502, "tls_alert_received");

  /** The upstream broke the protocol: 502. */
  public static final ErrorCode UPSTREAM_PROTOCOL =
      new ErrorCode("upstream_protocol", 502, "http_protocol_error");

  /** The upstream's response head or collected body is over its limit: 502. */
  public static final ErrorCode RESPONSE_TOO_LARGE =
      new ErrorCode("response_too_large", 502, "http_response_body_size");

  /** The upstream closed before its response was complete: 502. */
  public static final ErrorCode UPSTREAM_ABORTED =
      new ErrorCode("upstream_aborted", 502, "http_response_incomplete");

  /** The upstream did not take the request's body in time: 504. */
  public static final ErrorCode SEND_TIMEOUT =
      new ErrorCode("send_timeout", 504, "connection_write_timeout");

  /** No response head in time: 504. */
  public static final ErrorCode FIRST_BYTE_TIMEOUT =
      new ErrorCode("first_byte_timeout", 504, "connection_read_timeout");

  /** Too long a pause inside the response: 504. */
  public static final ErrorCode IDLE_TIMEOUT =
      new ErrorCode("idle_timeout", 504, "http_response_timeout");

  /** No byte in either direction of a tunnel for too long; the client sees a broken connection. */
  public static final ErrorCode TUNNEL_IDLE_TIMEOUT =
      new ErrorCode("tunnel_idle_timeout", 504, "connection_timeout");

  /**
   * Checks the parts.
   *
   * @param id the code, lower case with underscores, such as {@code no_route}
   * @param status the status a client gets when its response has not begun, 400 to 599
   * @param proxyStatus the error type of {@code Proxy-Status} (RFC 9209 §2.3)
   * @throws IllegalArgumentException if one is not of its form, with the offending value
   */
  public ErrorCode {
    if (!ID.matcher(Objects.requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException(
          "id must match " + ID.pattern() + ", but was '" + id + "'");
    }
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status must be 400 to 599, but was " + status);
    }
    if (!ID.matcher(Objects.requireNonNull(proxyStatus, "proxyStatus")).matches()) {
      throw new IllegalArgumentException(
          "proxyStatus must match " + ID.pattern() + ", but was '" + proxyStatus + "'");
    }
  }

  /**
   * Makes a code of a plugin's own, shown in {@code Proxy-Status} as {@code http_request_denied}.
   *
   * @param id the code, lower case with underscores
   * @param status the status, 400 to 599
   * @return the code
   * @throws IllegalArgumentException if one is not of its form
   */
  public static ErrorCode of(String id, int status) {
    return new ErrorCode(id, status, "http_request_denied");
  }
}
