package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.jetty.http1.RawTunnel;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/** A request of HTTP/1 and the way to answer it. */
final class Http1Exchange implements InboundExchange, Runnable {
  private final Http1Connection connection;
  private final RequestLine line;
  private final HeaderList headers;
  private final @Nullable RequestBody body;
  private final ResponseWriter writer;

  // Guarded by the connection's lock.
  private boolean over;
  private @Nullable Throwable gone;
  private @Nullable Consumer<Throwable> onGone;
  private @Nullable RawTunnel tunnel;

  /** Takes the request whose head the reader has complete. With the connection's lock held. */
  Http1Exchange(Http1Connection connection, RequestReader reader) {
    this.connection = connection;
    this.line = reader.line();
    this.headers = reader.headers();
    this.body = reader.hasBody() ? new RequestBody(connection, this, reader) : null;
    this.writer = new ResponseWriter(connection, this, line, headers, body != null);
  }

  /** Hands it over to the core. */
  @Override
  public void run() {
    connection.listener().handler().handle(this);
  }

  @Override
  public String method() {
    return line.method();
  }

  @Override
  public String target() {
    return line.target();
  }

  @Override
  public HttpVersion version() {
    return line.version();
  }

  @Override
  public String scheme() {
    return connection.client().tls() == null ? "http" : "https";
  }

  @Override
  public HeaderList headers() {
    return headers;
  }

  @Override
  public ClientInfo client() {
    return connection.client();
  }

  @Override
  public @Nullable BodySource body() {
    return body;
  }

  /** Whether the rest of the request is wanted no more. With the connection's lock held. */
  boolean isAbandoned() {
    return body != null && body.isAbandoned();
  }

  /** Takes the demand of whoever waits for the client. With the connection's lock held. */
  @Nullable Runnable takeDemand() {
    if (tunnel != null) return tunnel.takeDemand();
    return body == null ? null : body.takeDemand();
  }

  /** The body is wanted: a client that waits for 100 (Continue) is told. */
  void sendContinue() {
    writer.sendContinue();
  }

  @Override
  public void onClientGone(Consumer<Throwable> handler) {
    Throwable before;
    synchronized (connection.lock()) {
      before = gone;
      if (before == null) onGone = handler;
    }
    if (before != null) handler.accept(before);
  }

  /** The connection ended, or the client half-closed it. */
  void clientGone(Throwable reason) {
    Consumer<Throwable> handler = null;
    RawTunnel open;
    synchronized (connection.lock()) {
      if (over || gone != null) return;
      gone = reason;
      open = tunnel;
      if (open == null) handler = onGone;
      onGone = null;
    }
    if (open != null) open.lost(reason);
    if (handler != null) handler.accept(reason);
    if (body != null) body.fail(reason);
  }

  @Override
  public void interim(int status, HeaderList fields, Completion done) {
    writer.interim(status, fields, done);
  }

  @Override
  public void respond(
      int status, HeaderList fields, @Nullable Content first, boolean last, Completion done) {
    writer.respond(status, fields, first, last, done);
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    writer.write(content, last, trailers, done);
  }

  @Override
  public Tunnel tunnel(int status, HeaderList fields, Completion done) {
    RawTunnel opened;
    Throwable lost;
    synchronized (connection.lock()) {
      opened = connection.openTunnel();
      lost = over ? new EofException("the exchange is over") : gone;
      if (lost == null) tunnel = opened;
    }
    if (lost == null) {
      writer.tunnel(status, fields, done);
    } else {
      opened.lost(lost);
      done.failed(lost);
    }
    return opened;
  }

  @Override
  public boolean canInspect() {
    return true;
  }

  @Override
  public void inspect(
      HeaderList fields, SSLEngine engine, InspectedHandler inside, Completion done) {
    writer.tunnel(
        200,
        fields,
        new Completion() {
          @Override
          public void succeeded() {
            boolean late;
            synchronized (connection.lock()) {
              late = over || gone != null;
              over = true;
              onGone = null;
            }
            if (late) {
              done.failed(new EofException("the exchange is over"));
              return;
            }
            done.succeeded();
            connection.handOver(engine, inside);
          }

          @Override
          public void failed(Throwable reason) {
            done.failed(reason);
          }
        });
  }

  /** The response is out in full; returns false when the exchange was aborted before. */
  boolean finish(boolean keepAlive) {
    synchronized (connection.lock()) {
      if (over) return false;
      over = true;
      onGone = null;
      // From here on the connection may go on to the next request: whoever still reads the body
      // must not get bytes of that one.
      if (body != null) body.closed();
      connection.responded(keepAlive);
    }
    if (body != null) body.fail(new IllegalStateException("the exchange is over"));
    return true;
  }

  boolean isOver() {
    synchronized (connection.lock()) {
      return over;
    }
  }

  @Override
  public void abort(Throwable reason) {
    RawTunnel open;
    synchronized (connection.lock()) {
      if (over) return;
      over = true;
      onGone = null;
      open = tunnel;
    }
    if (open != null) {
      open.abort(reason);
      return;
    }
    writer.reset();
    connection.breakOff();
    if (body != null) body.fail(reason);
  }
}
