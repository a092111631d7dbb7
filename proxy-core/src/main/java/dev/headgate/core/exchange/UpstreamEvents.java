package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.exchange.ExchangeTimer.Wait;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.rewrite.UpstreamReferences;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamListener;
import org.jspecify.annotations.Nullable;

/** Step 7: what the upstream client tells of one request. */
final class UpstreamEvents implements UpstreamListener {
  /** For the next hop, which is this proxy: it has no more to say than it said. */
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  private final Exchange exchange;
  private final boolean hasBody;
  private final @Nullable UpstreamReferences references;
  private final String sentHost;
  private final @Nullable WebSocketKey key;
  private boolean responded;

  UpstreamEvents(
      Exchange exchange,
      boolean hasBody,
      @Nullable UpstreamReferences references,
      String sentHost,
      @Nullable WebSocketKey key) {
    this.exchange = exchange;
    this.hasBody = hasBody;
    this.references = references;
    this.sentHost = sentHost;
    this.key = key;
  }

  @Override
  public void onConnected() {
    exchange.moments().connected();
  }

  @Override
  public void onRequestSent() {
    exchange.moments().requestSent();
    if (hasBody) exchange.timer().request(null);
    if (!responded) exchange.timer().response(Wait.RESPONSE_HEAD);
  }

  @Override
  public void onInterim(int status, HeaderList headers) {
    // The client's 100 is sent by the listener when the body is first asked for (rule 16).
    if (status == 100 || status == 101) return;
    if (exchange.inbound().version() == HttpVersion.HTTP_1_0) return;
    FieldRules.dropHopByHop(headers);
    exchange.response().interim(status, headers);
  }

  @Override
  public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
    responded = true;
    if (status == PROXY_AUTHENTICATION_REQUIRED && isForwarded()) {
      if (body != null) body.abort(new IllegalStateException("the proxy is asked who it is"));
      exchange.fail(
          new UpstreamFault(
              ErrorCode.UPSTREAM_PROTOCOL,
              Phase.AWAIT_RESPONSE,
              "The upstream, or a proxy in front of it, asks this proxy for credentials.",
              false,
              null));
      return;
    }
    if (references != null) {
      references.rewrite(
          headers, sentHost, exchange.inbound().scheme(), exchange.facts().request().authority());
    }
    exchange.response().fromUpstream(status, headers, body);
  }

  /** Whether the client takes what it gets for an answer of this proxy; not so inside a tunnel. */
  private boolean isForwarded() {
    return exchange.isForwarded() && !(exchange.inbound() instanceof InspectedExchange);
  }

  @Override
  public void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
    responded = true;
    if (key != null && !key.isAnswered(headers)) {
      UpstreamFault fault =
          new UpstreamFault(
              ErrorCode.UPSTREAM_PROTOCOL,
              Phase.AWAIT_RESPONSE,
              "The upstream did not answer the key of the WebSocket handshake.",
              false,
              null);
      tunnel.abort(new ProxyErrorException(fault));
      exchange.fail(fault);
      return;
    }
    exchange.response().switched(status, headers, tunnel);
  }

  @Override
  public void onFailure(UpstreamFault fault) {
    responded = true;
    exchange.fail(fault);
  }
}
