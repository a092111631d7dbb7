package dev.headgate.jetty.client;

import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.io.SharedSelectors;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A client of HTTP/1.1 that shares the listeners' selectors and adds nothing to a request but its
 * framing. Thread-safe.
 */
public final class Http1Client implements UpstreamClient {
  private final EngineOptions options;
  private final SharedSelectors selectors;
  private final Executor blocking;
  private final ByteBufferPool buffers;
  private final SslContextFactory.Client tls;
  private final Map<Destination, TargetPool> pools = new ConcurrentHashMap<>();
  private final Function<Destination, TargetPool> newPool;
  private final Set<UpstreamConnection> connections = ConcurrentHashMap.newKeySet();
  private final Timeouts timeouts;
  private volatile boolean stopped;

  /** The deadlines of unused connections, on one timer. */
  private final class Timeouts extends CyclicTimeouts<UpstreamConnection> {
    Timeouts(Scheduler scheduler) {
      super(scheduler);
    }

    @Override
    protected Iterator<UpstreamConnection> iterator() {
      return connections.iterator();
    }

    @Override
    protected boolean onExpired(UpstreamConnection connection) {
      executor().execute(connection::expired);
      return false;
    }
  }

  /**
   * Makes a client.
   *
   * @param options sizes and limits
   * @param selectors where its connections are served, running
   * @param blocking where names are resolved
   * @param buffers the pool
   * @param tls for https, started when first needed
   */
  public Http1Client(
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
    this.timeouts = new Timeouts(selectors.getScheduler());
  }

  @Override
  public UpstreamCall send(UpstreamRequest request, UpstreamListener listener) {
    Call call = new Call(this, request, listener);
    call.start(request.destination().protocol() == Destination.Protocol.TUNNEL);
    return call;
  }

  /** Closes all connections; what is under way fails. */
  public void stop() {
    stopped = true;
    timeouts.destroy();
    connections.forEach(UpstreamConnection::discard);
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

  CyclicTimeouts<UpstreamConnection> timeouts() {
    return timeouts;
  }

  /** Returns the pool that is in use for a destination. */
  TargetPool pool(Destination destination) {
    return pools.computeIfAbsent(destination, newPool);
  }

  void forget(TargetPool unused) {
    pools.remove(unused.destination(), unused);
  }

  void opened(UpstreamConnection connection) {
    connections.add(connection);
    if (stopped) connection.close();
  }

  /** Returns whether this was the first to say so. */
  boolean closed(UpstreamConnection connection) {
    return connections.remove(connection);
  }
}
