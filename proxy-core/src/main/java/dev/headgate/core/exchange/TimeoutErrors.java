package dev.headgate.core.exchange;

import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.error.UpstreamFault;

/** Each wait's own error (rule 26). */
final class TimeoutErrors {
  private TimeoutErrors() {}

  static ProxyError error(ExchangeTimer.Wait wait) {
    return switch (wait) {
      case ADMISSION ->
          new ProxyFault(
              ErrorCode.OVERLOADED, Phase.RECEIVE_REQUEST, "Too many requests are under way.");
      case CLIENT_SENDS ->
          new ClientFault(
              ErrorCode.REQUEST_TIMEOUT,
              Phase.SEND_REQUEST,
              "The request's body did not come in time.");
      case UPSTREAM_TAKES ->
          upstream(
              ErrorCode.SEND_TIMEOUT,
              Phase.SEND_REQUEST,
              "The upstream did not take the request's body in time.");
      case RESPONSE_HEAD ->
          upstream(
              ErrorCode.FIRST_BYTE_TIMEOUT,
              Phase.AWAIT_RESPONSE,
              "The upstream did not respond in time.");
      case UPSTREAM_SENDS ->
          upstream(
              ErrorCode.IDLE_TIMEOUT,
              Phase.SEND_RESPONSE,
              "The upstream's response paused for too long.");
      case CLIENT_TAKES ->
          new ClientFault(
              ErrorCode.CLIENT_GONE,
              Phase.SEND_RESPONSE,
              "The client did not take the response in time.");
      case TUNNEL_MOVES ->
          new ProxyFault(
              ErrorCode.TUNNEL_IDLE_TIMEOUT, Phase.TUNNEL, "Nothing came through the tunnel.");
      case END ->
          new ProxyFault(
              ErrorCode.TOTAL_TIMEOUT, Phase.SEND_RESPONSE, "The exchange took too long.");
    };
  }

  private static ProxyError upstream(ErrorCode code, Phase phase, String detail) {
    return new UpstreamFault(code, phase, detail, false, null);
  }
}
