package dev.headgate.core.exchange;

import dev.headgate.api.HostPort;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.chain.Link;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.egress.Egress;
import dev.headgate.core.egress.Inspecting;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import org.jspecify.annotations.Nullable;

/**
 * Steps 3 to 6 of a CONNECT (rule 19): plugins decide, then the proxy's policy for what they left
 * to it; a connection is opened, and the exchange becomes a tunnel.
 *
 * <p>What a plugin decides stands above the rules for hosts and ports, and below the address
 * policy.
 */
final class ConnectFlow implements UpstreamListener {
  private final Exchange exchange;
  private final RequestFlow request;
  private final CallContext context;
  private final Egress egress;
  private final HostPort asked;

  /** Where the requests inside go; null where the tunnel is left alone. */
  private volatile @Nullable Destination inspected;

  ConnectFlow(Exchange exchange, RequestFlow request, CallContext context, Egress egress) {
    this.exchange = exchange;
    this.request = request;
    this.context = context;
    this.egress = egress;
    this.asked = asked(exchange);
  }

  /** The target is in authority-form with a port, as its parser has checked. */
  private static HostPort asked(Exchange exchange) {
    String authority = exchange.facts().request().authority();
    int port = Integer.parseInt(authority.substring(authority.lastIndexOf(':') + 1));
    return new HostPort(exchange.facts().request().host(), port);
  }

  /** Step 3. */
  void begin() {
    Link[] links = exchange.chain().connect;
    if (links.length == 0) {
      decided();
    } else {
      request.run(new ConnectHooks(exchange, this, context, links, asked));
    }
  }

  /** Step 4: no plugin decided, so the policy does. */
  void decided() {
    ProxyError denial = egress.denial(asked);
    Inspecting inspecting = egress.inspecting();
    if (denial != null) {
      exchange.fail(denial);
    } else if (inspecting != null && inspecting.inspects(asked.host())) {
      inspect(asked);
    } else {
      open(asked);
    }
  }

  /** Steps 5 and 6: opens a connection. */
  void open(HostPort address) {
    try {
      connect(egress.tunnel(address));
    } catch (AddressDeniedException e) {
      exchange.fail(ForwardFlow.denied(e));
    }
  }

  private void connect(Destination destination) {
    exchange.moments().requestHooks();
    exchange.facts().target(destination.target());
    Timeouts timeouts = exchange.environment().timeouts();
    UpstreamRequest connection =
        new UpstreamRequest(
            destination,
            "CONNECT",
            "",
            via(),
            null,
            false,
            timeouts.connect().toNanos(),
            timeouts.tls().toNanos());
    if (exchange.answered()) return;
    request.sent(exchange.engine().upstream().send(connection, this));
  }

  /** What a parent proxy is told of the way so far, so that none asks in a circle (rule 3). */
  private HeaderList via() {
    HeaderList headers = new HeaderList(1);
    for (String hops : exchange.facts().request().headers().all("Via")) {
      headers.append("Via", hops);
    }
    exchange.environment().via().add(headers, exchange.facts().request().version());
    return headers;
  }

  /**
   * Looks at what is inside. First a connection proves that the upstream is who it should be, so
   * that a client whose tunnel leads nowhere is told so in the clear. It stays for what is inside,
   * which is spoken in the version of HTTP that the upstream chose.
   */
  void inspect(HostPort address) {
    Inspecting inspecting = egress.inspecting();
    if (inspecting == null) {
      exchange.fail(
          new ClientFault(
              ErrorCode.NOT_IMPLEMENTED,
              Phase.ROUTE,
              "This proxy can't look into tunnels, and a plugin asked for it."));
      return;
    }
    // A plugin may lead the tunnel elsewhere: also what stands there is left alone.
    if (inspecting.passes(asked.host()) || inspecting.passes(address.host())) {
      open(address);
      return;
    }
    if (!exchange.inbound().canInspect()) {
      exchange.fail(
          new ClientFault(
              ErrorCode.NOT_IMPLEMENTED,
              Phase.ROUTE,
              "This tunnel can't be looked into, and is not to pass unseen."));
      return;
    }
    try {
      Destination destination = egress.inspected(address);
      inspected = destination;
      connect(destination);
    } catch (AddressDeniedException e) {
      exchange.fail(ForwardFlow.denied(e));
    }
  }

  private void verified(Inspecting inspecting, Destination destination, boolean http2) {
    inspecting
        .engine(asked.host(), exchange.engine().blockingExecutor())
        .whenComplete(
            (engine, failure) -> {
              if (engine == null) {
                exchange.fail(
                    new ProxyFault(
                        ErrorCode.INTERNAL,
                        Phase.CONNECT,
                        "The proxy could not make a certificate for the host.",
                        failure));
              } else {
                InspectedTunnel inside =
                    new InspectedTunnel(
                        exchange.source(), inspecting, destination, exchange.facts(), http2);
                exchange.response().inspected(engine, inside);
              }
            });
  }

  // --- what the upstream client tells

  @Override
  public void onConnected() {
    exchange.moments().connected();
  }

  @Override
  public void onRequestSent() {
    exchange.moments().requestSent();
  }

  @Override
  public void onInterim(int status, HeaderList headers) {}

  @Override
  public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
    if (body != null) body.abort(new IllegalStateException("a tunnel was asked for"));
    exchange.fail(
        new UpstreamFault(
            ErrorCode.UPSTREAM_PROTOCOL,
            Phase.CONNECT,
            "The upstream answered a tunnel with a response.",
            false,
            null));
  }

  @Override
  public void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
    exchange.response().connected(tunnel);
  }

  @Override
  public void onReached(HttpVersion version) {
    Inspecting inspecting = egress.inspecting();
    Destination destination = inspected;
    if (inspecting == null || destination == null) {
      throw new IllegalStateException("a tunnel was asked for");
    }
    verified(inspecting, destination, version == HttpVersion.HTTP_2);
  }

  @Override
  public void onFailure(UpstreamFault fault) {
    exchange.fail(fault);
  }
}
