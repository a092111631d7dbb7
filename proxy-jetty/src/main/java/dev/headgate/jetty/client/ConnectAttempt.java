package dev.headgate.jetty.client;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.jetty.io.SharedSelectors;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection for a call: resolves the name, tries its addresses one after the other, sets
 * up TLS. Thread-safe.
 */
final class ConnectAttempt implements SharedSelectors.Opener {
  private final JettyClient client;
  private final TargetPool pool;
  private final Call call;

  /** Serves the connection: best the one that serves the client's. */
  private final ManagedSelector selector;

  // Guarded by this.
  private final Queue<InetSocketAddress> addresses = new ArrayDeque<>(2);
  private @Nullable SocketChannel channel;
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

  /** What may block: trust is loaded when first needed, and names are looked up. */
  private void prepare() {
    try {
      if (needsUsualTls()) client.tls().start();
      connect(resolver().resolve(peer()));
    } catch (UnknownHostException | AddressDeniedException e) {
      fail(Faults.connect(e));
    } catch (Exception e) {
      fail(Faults.tls(e));
    }
  }

  /** Connects to what was resolved, and to nothing else. */
  private void connect(List<InetSocketAddress> found) {
    synchronized (this) {
      addresses.addAll(found);
    }
    connectNext(new IOException("no address"));
  }

  private void connectNext(Throwable before) {
    InetSocketAddress address;
    synchronized (this) {
      if (over) return;
      address = addresses.poll();
    }
    if (address == null) {
      fail(Faults.connect(before));
      return;
    }
    SocketChannel made = null;
    try {
      made = SocketChannel.open();
      synchronized (this) {
        if (over) {
          made.close();
          return;
        }
        channel = made;
      }
      client.selectors().connect(made, address, selector, this);
    } catch (IOException | RuntimeException e) {
      IO.close(made);
      failed(e);
    }
  }

  /** The address that was tried last can't be reached. */
  @Override
  public void failed(Throwable failure) {
    connectNext(failure);
  }

  // --- a socket is connected

  @Override
  public Connection open(EndPoint endPoint) {
    ParentProxy parent = pool.destination().parent();
    if (parent == null || !ParentHandshake.isNeeded(pool.destination(), parent)) {
      return reached(endPoint);
    }
    synchronized (this) {
      underway = endPoint;
    }
    return new ParentHandshake(endPoint, client, this, parent, pool.target().address());
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
    SocketChannel unused;
    UpstreamConnection unfinished;
    EndPoint handshake;
    synchronized (this) {
      if (over) return false;
      over = true;
      handshake = underway;
      unused = channel;
      unfinished = connection;
      if (tlsTimer != null) tlsTimer.cancel();
    }
    if (unfinished != null) unfinished.close();
    if (handshake != null) handshake.close();
    IO.close(unused);
    return true;
  }
}
