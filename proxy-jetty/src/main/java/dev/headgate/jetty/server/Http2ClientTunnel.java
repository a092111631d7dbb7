package dev.headgate.jetty.server;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.jetty.http2.StreamBody;
import dev.headgate.jetty.http2.StreamEndPoint;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ssl.SslConnection;

/** The client's side of a tunnel on a stream: each direction ends by itself (RFC 9113 8.5). */
final class Http2ClientTunnel implements Tunnel {
  private final Http2Exchange exchange;
  private final StreamBody input;
  private final Http2ResponseWriter writer;

  Http2ClientTunnel(Http2Exchange exchange, StreamBody input, Http2ResponseWriter writer) {
    this.exchange = exchange;
    this.input = input;
    this.writer = writer;
  }

  @Override
  public BodySource input() {
    return input;
  }

  @Override
  public void write(Content content, boolean last, Completion written) {
    writer.write(content, last, null, written);
  }

  @Override
  public void abort(Throwable reason) {
    exchange.abort(reason);
  }

  /** Makes what TLS is spoken over, and who speaks it: both are to be opened. */
  StreamEndPoint secure(Http2Connection outer, SSLEngine engine, InspectedHandler handler) {
    JettyListener listener = outer.listener();
    StreamEndPoint socket =
        new StreamEndPoint(
            outer.getEndPoint(),
            this,
            exchange::giveUpTunnel,
            listener.scheduler(),
            listener.executor());
    SslConnection secured = SecuringConnection.inside(socket, listener, engine, handler);
    socket.setConnection(secured);
    return socket;
  }
}
