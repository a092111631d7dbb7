package dev.headgate.core.exchange;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.context.ExchangeFacts;
import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.Tunnel;
import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that came inside a tunnel: it knows where the tunnel leads, and what the CONNECT was.
 */
final class InspectedExchange implements InboundExchange {
  private final InboundExchange inner;
  private final Destination destination;
  private final ExchangeFacts connect;

  InspectedExchange(InboundExchange inner, Destination destination, ExchangeFacts connect) {
    this.inner = inner;
    this.destination = destination;
    this.connect = connect;
  }

  /** Where the tunnel leads. */
  Destination destination() {
    return destination;
  }

  /**
   * Whether a request is for the host that the tunnel was asked for, as whose the client was shown
   * a certificate. One of HTTP/1.0 need not name it.
   */
  boolean isFor(RequestTarget target) {
    if (!target.scheme().equals("https")) return false;
    String host = target.host();
    String asked = connect.request().host();
    if (host.isEmpty() || host.equals(asked)) return true;
    InetAddress literal = AddressLiteral.parse(host);
    return literal != null && literal.equals(AddressLiteral.parse(asked));
  }

  /** The facts of the CONNECT. */
  ExchangeFacts connect() {
    return connect;
  }

  @Override
  public String method() {
    return inner.method();
  }

  @Override
  public String target() {
    return inner.target();
  }

  @Override
  public HttpVersion version() {
    return inner.version();
  }

  @Override
  public String scheme() {
    return inner.scheme();
  }

  @Override
  public HeaderList headers() {
    return inner.headers();
  }

  @Override
  public ClientInfo client() {
    return inner.client();
  }

  @Override
  public boolean upgradesStream() {
    return inner.upgradesStream();
  }

  @Override
  public @Nullable BodySource body() {
    return inner.body();
  }

  @Override
  public void onClientGone(Consumer<Throwable> gone) {
    inner.onClientGone(gone);
  }

  @Override
  public void interim(int status, HeaderList headers, Completion done) {
    inner.interim(status, headers, done);
  }

  @Override
  public void respond(
      int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
    inner.respond(status, headers, first, last, done);
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    inner.write(content, last, trailers, done);
  }

  @Override
  public Tunnel tunnel(int status, HeaderList headers, Completion done) {
    return inner.tunnel(status, headers, done);
  }

  @Override
  public void abort(Throwable reason) {
    inner.abort(reason);
  }
}
