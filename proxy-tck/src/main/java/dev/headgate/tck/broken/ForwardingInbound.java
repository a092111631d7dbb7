package dev.headgate.tck.broken;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.Tunnel;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Passes all on to the exchange within. */
public class ForwardingInbound implements InboundExchange {
  private final InboundExchange exchange;

  /**
   * Wraps it.
   *
   * @param exchange the exchange within
   */
  public ForwardingInbound(InboundExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String target() {
    return exchange.target();
  }

  @Override
  public HttpVersion version() {
    return exchange.version();
  }

  @Override
  public String scheme() {
    return exchange.scheme();
  }

  @Override
  public HeaderList headers() {
    return exchange.headers();
  }

  @Override
  public ClientInfo client() {
    return exchange.client();
  }

  @Override
  public boolean upgradesStream() {
    return exchange.upgradesStream();
  }

  @Override
  public @Nullable BodySource body() {
    return exchange.body();
  }

  @Override
  public void onClientGone(Consumer<Throwable> gone) {
    exchange.onClientGone(gone);
  }

  @Override
  public void interim(int status, HeaderList headers, Completion done) {
    exchange.interim(status, headers, done);
  }

  @Override
  public void respond(
      int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
    exchange.respond(status, headers, first, last, done);
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    exchange.write(content, last, trailers, done);
  }

  @Override
  public Tunnel tunnel(int status, HeaderList headers, Completion done) {
    return exchange.tunnel(status, headers, done);
  }

  @Override
  public boolean canInspect() {
    return exchange.canInspect();
  }

  @Override
  public void inspect(
      HeaderList headers, SSLEngine engine, InspectedHandler inside, Completion done) {
    exchange.inspect(headers, engine, inside, done);
  }

  @Override
  public void abort(Throwable reason) {
    exchange.abort(reason);
  }
}
