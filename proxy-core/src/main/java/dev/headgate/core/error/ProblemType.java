package dev.headgate.core.error;

import dev.headgate.api.error.ErrorCode;
import java.util.List;
import java.util.Map;

/**
 * What is constant in the rendering of a code, and the titles of the codes that are known
 * beforehand.
 */
final class ProblemType {
  private static final Map<ErrorCode, String> TITLES =
      Map.ofEntries(
          Map.entry(ErrorCode.BAD_REQUEST, "The request is malformed"),
          Map.entry(ErrorCode.METHOD_NOT_ALLOWED, "The method is not allowed here"),
          Map.entry(ErrorCode.REQUEST_TIMEOUT, "The request came too slowly"),
          Map.entry(ErrorCode.BODY_TOO_LARGE, "The request body is too large"),
          Map.entry(ErrorCode.URI_TOO_LONG, "The request target is too long"),
          Map.entry(ErrorCode.EXPECTATION_FAILED, "The expectation can't be met"),
          Map.entry(ErrorCode.HOST_NOT_ALLOWED, "The host is not served here"),
          Map.entry(ErrorCode.FIELDS_TOO_LARGE, "The request fields are too large"),
          Map.entry(ErrorCode.NOT_IMPLEMENTED, "The proxy does not implement this"),
          Map.entry(ErrorCode.CLIENT_GONE, "The client went away"),
          Map.entry(ErrorCode.NO_ROUTE, "No route matches"),
          Map.entry(ErrorCode.CONNECT_DENIED, "The tunnel is denied"),
          Map.entry(ErrorCode.PROXY_AUTH_REQUIRED, "The proxy must know its client"),
          Map.entry(ErrorCode.DESTINATION_DENIED, "The destination is denied"),
          Map.entry(ErrorCode.ADDRESS_DENIED, "The address is denied"),
          Map.entry(ErrorCode.NO_TARGET, "No target is available"),
          Map.entry(ErrorCode.OVERLOADED, "The proxy is overloaded"),
          Map.entry(ErrorCode.STOPPING, "The proxy is stopping"),
          Map.entry(ErrorCode.LOOP, "The request came through this proxy before"),
          Map.entry(ErrorCode.INTERNAL, "The proxy failed"),
          Map.entry(ErrorCode.TOTAL_TIMEOUT, "The exchange took too long"),
          Map.entry(ErrorCode.PLUGIN_FAILED, "A plugin failed"),
          Map.entry(ErrorCode.PLUGIN_SUSPENDED, "A plugin is suspended"),
          Map.entry(ErrorCode.DNS_ERROR, "The upstream's name can't be resolved"),
          Map.entry(ErrorCode.CONNECT_FAILED, "The upstream can't be reached"),
          Map.entry(ErrorCode.CONNECT_TIMEOUT, "The upstream can't be reached in time"),
          Map.entry(ErrorCode.TLS_FAILED, "TLS with the upstream failed"),
          Map.entry(ErrorCode.TLS_CERTIFICATE, "The upstream's certificate is refused"),
          Map.entry(ErrorCode.TLS_ALERT, "The upstream refused TLS"),
          Map.entry(ErrorCode.UPSTREAM_PROTOCOL, "The upstream broke the protocol"),
          Map.entry(ErrorCode.RESPONSE_TOO_LARGE, "The upstream's response is too large"),
          Map.entry(ErrorCode.UPSTREAM_ABORTED, "The upstream closed too early"),
          Map.entry(ErrorCode.SEND_TIMEOUT, "The upstream took the request too slowly"),
          Map.entry(ErrorCode.FIRST_BYTE_TIMEOUT, "The upstream did not answer in time"),
          Map.entry(ErrorCode.IDLE_TIMEOUT, "The upstream paused for too long"),
          Map.entry(ErrorCode.TUNNEL_IDLE_TIMEOUT, "The tunnel was idle for too long"));

  private ProblemType() {}

  /** The codes that the core makes. */
  static List<ErrorCode> known() {
    return List.copyOf(TITLES.keySet());
  }

  /** The beginning of a body: type, title and status, up to the value of detail. */
  static String prefix(ErrorCode code) {
    StringBuilder out = new StringBuilder(160);
    out.append("{\"type\":\"urn:headgate:error:").append(code.id()).append("\",\"title\":");
    JsonText.string(out, title(code));
    return out.append(",\"status\":").append(code.status()).append(",\"detail\":").toString();
  }

  /** A plugin's own code is its own title: {@code over_budget} becomes "Over budget". */
  private static String title(ErrorCode code) {
    String known = TITLES.get(code);
    if (known != null) return known;
    String words = code.id().replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
