package dev.headgate.jetty.client;

import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.io.Deadlines;
import dev.headgate.jetty.io.SharedSelectors;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A client of HTTP/1.1 and HTTP/2 that shares the listeners' selectors and adds nothing to a
 * request but its framing. Thread-safe.
 */
public final class JettyClient implements UpstreamClient {
  private final EngineOptions options;
  private final SharedSelectors selectors;
  private final Executor blocking;
  private final ByteBufferPool buffers;
  private final SslContextFactory.Client tls;
  private final Map<Destination, TargetPool> pools = new ConcurrentHashMap<>();
  private final Function<Destination, TargetPool> newPool;
  private final Set<PooledConnection> connections = ConcurrentHashMap.newKeySet();
  private final Deadlines<PooledConnection> timeouts;
  private volatile boolean stopped;

  /**
   * Makes a client.
   *
   * @param options sizes and limits
   * @param selectors where its connections are served, running
   * @param blocking where names are resolved
   * @param buffers the pool
   * @param tls for https, started when first needed
   */
  public JettyClient(
      EngineOptions options,
      SharedSelectors selectors,
      Executor blocking,
      ByteBufferPool buffers,
      SslContextFactory.Client tls) {
    this.options = options;
    this.selectors = selectors;
    this.blocking = blocking;
    this.buffers = buffers;
    this.tls = tls;
    this.newPool = destination -> new TargetPool(this, destination);
    this.timeouts = new Deadlines<>(selectors.getScheduler(), connections, selectors.getExecutor());
  }

  @Override
  public UpstreamCall send(UpstreamRequest request, UpstreamListener listener) {
    Call call = new Call(this, withoutHttp2(request), listener);
    call.start(request.destination().protocol() == Destination.Protocol.TUNNEL);
    return call;
  }

  /**
   * HTTP/2 has no upgrades (RFC 9113 section 8.6), but for what it has other means for: one must
   * not be negotiated into it.
   */
  private static UpstreamRequest withoutHttp2(UpstreamRequest request) {
    Destination usual = request.destination();
    boolean fits =
        usual.protocol() != Destination.Protocol.NEGOTIATED
            || !usual.target().secure()
            || !request.headers().contains("Upgrade")
            || ExtendedConnect.may(request);
    if (fits) return request;
    return new UpstreamRequest(
        http1(usual),
        request.method(),
        request.pathAndQuery(),
        request.headers(),
        request.body(),
        request.expectContinue(),
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  /** Returns the same destination, spoken to in HTTP/1.1. */
  static Destination http1(Destination usual) {
    return new Destination(
        usual.target(),
        Destination.Protocol.HTTP_1_1,
        usual.tls(),
        usual.resolver(),
        usual.parent());
  }

  /** Closes all connections; what is under way fails. */
  public void stop() {
    stopped = true;
    timeouts.destroy();
    connections.forEach(PooledConnection::discard);
  }

  // --- what pools and connections ask

  EngineOptions options() {
    return options;
  }

  SharedSelectors selectors() {
    return selectors;
  }

  Executor executor() {
    return selectors.getExecutor();
  }

  Scheduler scheduler() {
    return selectors.getScheduler();
  }

  Executor blocking() {
    return blocking;
  }

  ByteBufferPool buffers() {
    return buffers;
  }

  SslContextFactory.Client tls() {
    return tls;
  }

  Deadlines<PooledConnection> timeouts() {
    return timeouts;
  }

  /** Returns the pool that is in use for a destination. */
  TargetPool pool(Destination destination) {
    return pools.computeIfAbsent(destination, newPool);
  }

  void forget(TargetPool unused) {
    pools.remove(unused.destination(), unused);
  }

  void opened(PooledConnection connection) {
    connections.add(connection);
    if (stopped) connection.discard();
  }

  /** Returns whether this was the first to say so. */
  boolean closed(PooledConnection connection) {
    return connections.remove(connection);
  }
}
