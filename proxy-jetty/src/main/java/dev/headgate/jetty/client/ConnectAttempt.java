package dev.headgate.jetty.client;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.core.tls.UpstreamTls;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection for a call: resolves the name, connects to one of its addresses, sets up TLS.
 * Thread-safe.
 */
final class ConnectAttempt implements AddressRace.Course {
  private final JettyClient client;
  private final TargetPool pool;
  private final Call call;

  /** Serves the connection: best the one that serves the client's. */
  private final ManagedSelector selector;

  private final AddressRace race;

  // Guarded by this.
  private @Nullable UpstreamConnection connection;
  private @Nullable EndPoint underway;
  private Scheduler.@Nullable Task tlsTimer;
  private boolean opened;
  private boolean over;

  ConnectAttempt(JettyClient client, TargetPool pool, Call call) {
    this.client = client;
    this.pool = pool;
    this.call = call;
    this.selector = client.selectors().near();
    this.race = new AddressRace(client, selector, this);
  }

  TargetPool pool() {
    return pool;
  }

  ManagedSelector selector() {
    return selector;
  }

  void start() {
    boolean prepared = !needsUsualTls() || client.tls().isStarted();
    try {
      List<InetSocketAddress> known = prepared ? resolver().known(peer()) : null;
      if (known != null) {
        connect(known);
      } else if (prepared) {
        resolve();
      } else {
        client.blocking().execute(this::prepare);
      }
    } catch (IOException | RejectedExecutionException e) {
      fail(Faults.connect(e));
    }
  }

  /** Whether TLS is spoken in the usual way; a route's own is ready when the route is. */
  private boolean needsUsualTls() {
    return pool.target().secure() && pool.destination().tls() == null;
  }

  /** Whom the socket is connected to: the target, or the proxy through which it is reached. */
  private HostPort peer() {
    ParentProxy parent = pool.destination().parent();
    return parent == null ? pool.target().address() : parent.address();
  }

  /** A parent was chosen by who runs the proxy, so that its address needs no leave. */
  private Resolver resolver() {
    return pool.destination().parent() == null ? pool.destination().resolver() : Resolver.direct();
  }

  /** What may block: trust is loaded when first needed. */
  private void prepare() {
    try {
      client.tls().start();
      resolve();
    } catch (Exception e) {
      fail(Faults.tls(e));
    }
  }

  private void resolve() {
    resolver()
        .resolve(peer(), client.blocking())
        .whenComplete(
            (found, failure) -> {
              if (failure == null) {
                connect(found);
              } else {
                Throwable reason =
                    failure instanceof CompletionException ? failure.getCause() : null;
                fail(Faults.connect(reason == null ? failure : reason));
              }
            });
  }

  /** Connects to what was resolved, and to nothing else. */
  private void connect(List<InetSocketAddress> found) {
    try {
      race.run(found);
    } catch (RuntimeException e) {
      fail(Faults.connect(e)); // nobody else would hear of it
    }
  }

  /** No address can be reached. */
  @Override
  public void unreachable(Throwable reason) {
    fail(Faults.connect(reason));
  }

  // --- a socket is connected

  @Override
  public Connection connected(EndPoint endPoint) {
    ParentProxy parent = pool.destination().parent();
    if (parent == null || !ParentHandshake.isNeeded(pool.destination(), parent)) {
      return reached(endPoint);
    }
    synchronized (this) {
      underway = endPoint;
    }
    List<String> via = call.request().headers().all("Via");
    return new ParentHandshake(endPoint, client, this, parent, pool.target().address(), via);
  }

  /** The socket leads to the target, or to a proxy that takes requests for it. */
  Connection reached(EndPoint endPoint) {
    Target target = pool.target();
    if (!target.secure() && needsHttp2()) {
      return Http2UpstreamConnection.make(endPoint, client, this);
    }
    if (!target.secure()) return new UpstreamConnection(endPoint, client, this, null);
    SslConnection secured =
        new SslConnection(
            client.buffers(), client.executor(), null, endPoint, newEngine(target), true, true);
    secured.setRequireCloseMessage(true); // else a cut response could look complete
    TlsHandshake handshake = new TlsHandshake();
    secured.addHandshakeListener(handshake);
    EndPoint plain = secured.getSslEndPoint();
    UpstreamConnection made = new UpstreamConnection(plain, client, this, handshake);
    plain.setConnection(made);
    synchronized (this) {
      connection = made;
    }
    return secured;
  }

  private SSLEngine newEngine(Target target) {
    String host = target.address().host();
    int port = target.address().port();
    UpstreamTls own = pool.destination().tls();
    SSLEngine engine =
        own == null ? client.tls().newSSLEngine(host, port) : own.newEngine(host, port);
    engine.setUseClientMode(true);
    String[] offered = offered();
    if (offered.length > 0) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(offered);
      engine.setSSLParameters(parameters);
    }
    return engine;
  }

  private String[] offered() {
    return switch (pool.destination().protocol()) {
      case NEGOTIATED -> new String[] {"h2", "http/1.1"};
      case HTTP_2 -> new String[] {"h2"};
      default -> new String[0];
    };
  }

  /** Whether no other version will do. */
  boolean needsHttp2() {
    return pool.destination().protocol() == Destination.Protocol.HTTP_2;
  }

  /** The upstream does not speak HTTP/2, as it must. */
  void noHttp2() {
    fail(Faults.noHttp2());
  }

  /** TLS begins: its own time runs from now on. */
  void secure() {
    call.connecting(false);
    UpstreamRequest request = call.request();
    synchronized (this) {
      if (over) return;
      tlsTimer =
          client
              .scheduler()
              .schedule(
                  () -> fail(Faults.tlsTimeout()), request.tlsTimeoutNanos(), TimeUnit.NANOSECONDS);
    }
  }

  void parentFailed(UpstreamFault fault) {
    fail(fault);
  }

  void tlsFailed(Throwable cause) {
    fail(Faults.tls(cause));
  }

  /** The connection may be used. */
  void opened(Http2UpstreamConnection made) {
    if (finish()) {
      pool.opened(made, call);
    } else {
      made.discard();
    }
  }

  /** Returns false when it was given up before. */
  private boolean finish() {
    synchronized (this) {
      if (tlsTimer != null) tlsTimer.cancel();
      if (over) return false;
      over = true;
      opened = true;
      return true;
    }
  }

  /** The connection may be used. */
  void opened(UpstreamConnection made) {
    if (!finish()) {
      made.close();
      return;
    }
    pool.opened();
    if (call.assigned(made) != Call.Assignment.TAKEN) {
      made.close();
      call.connectFailed(Faults.connect(new EOFException("closed when it had been opened")));
    }
  }

  /** Whether the pool counts a connection of this attempt as open. */
  synchronized boolean isOpened() {
    return opened;
  }

  // --- no connection

  private void fail(UpstreamFault fault) {
    if (!end()) return;
    pool.closed(null);
    call.connectFailed(fault);
  }

  /** The call wants no connection any more. */
  void cancel() {
    if (end()) pool.closed(null);
  }

  private boolean end() {
    UpstreamConnection unfinished;
    EndPoint handshake;
    synchronized (this) {
      if (over) return false;
      over = true;
      handshake = underway;
      unfinished = connection;
      if (tlsTimer != null) tlsTimer.cancel();
    }
    if (unfinished != null) unfinished.close();
    if (handshake != null) handshake.close();
    race.cancel();
    return true;
  }
}
