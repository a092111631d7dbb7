package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.tls.ListenerTlsContext;
import dev.headgate.jetty.io.Deadlines;
import dev.headgate.jetty.io.SharedSelectors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A listening socket on the engine's shared selectors: costs no thread. Thread-safe. */
public final class JettyListener implements Listener {
  private static final int BACKLOG = 1024;
  private static final long PARTING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final SharedSelectors selectors;
  private final ByteBufferPool pool;
  private final ListenOptions options;
  private final InboundHandler handler;
  private final Runnable whenClosed;
  private final ServerSocketChannel channel;
  private final InetSocketAddress address;
  private final Set<ServedConnection> connections;
  private final Deadlines<ServedConnection> timeouts;
  private final Phase phase;

  // Guarded by this.
  private SharedSelectors.@Nullable Registration registration;
  private boolean unbound;

  /** How far its end has come; shared with what is inside tunnels. */
  private static final class Phase {
    private volatile boolean stopping;
    private volatile boolean closed;
  }

  private JettyListener(
      SharedSelectors selectors,
      ByteBufferPool pool,
      ListenOptions options,
      InboundHandler handler,
      Runnable whenClosed,
      ServerSocketChannel channel)
      throws IOException {
    this.selectors = selectors;
    this.pool = pool;
    this.options = options;
    this.handler = handler;
    this.whenClosed = whenClosed;
    this.channel = channel;
    this.address = (InetSocketAddress) channel.getLocalAddress();
    this.connections = ConcurrentHashMap.newKeySet();
    this.timeouts = new Deadlines<>(selectors.getScheduler(), connections, selectors.getExecutor());
    this.phase = new Phase();
  }

  /** What connections inside a tunnel see: the listener, but for who takes their exchanges. */
  private JettyListener(JettyListener outer, InboundHandler handler) {
    this.selectors = outer.selectors;
    this.pool = outer.pool;
    this.options = outer.options;
    this.handler = handler;
    this.whenClosed = outer.whenClosed;
    this.channel = outer.channel;
    this.address = outer.address;
    this.connections = outer.connections;
    this.timeouts = outer.timeouts;
    this.phase = outer.phase;
  }

  /** Returns what serves connections inside a tunnel, which live and end with this listener's. */
  JettyListener inside(InboundHandler taker) {
    return new JettyListener(this, taker);
  }

  /**
   * Binds a socket; connections wait until {@link #start()}.
   *
   * @param selectors where its connections are served
   * @param pool for buffers
   * @param options address and limits
   * @param handler takes the exchanges
   * @param whenClosed run once when it has been closed
   * @return the listener
   * @throws IOException if the address can't be bound; nothing is left behind
   */
  public static JettyListener open(
      SharedSelectors selectors,
      ByteBufferPool pool,
      ListenOptions options,
      InboundHandler handler,
      Runnable whenClosed)
      throws IOException {
    ServerSocketChannel channel = selectors.bind(options.address(), BACKLOG);
    boolean opened = false;
    try {
      JettyListener listener =
          new JettyListener(selectors, pool, options, handler, whenClosed, channel);
      opened = true;
      return listener;
    } finally {
      if (!opened) channel.close();
    }
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public synchronized void start() {
    if (registration != null) throw new IllegalStateException("started twice");
    if (!unbound) registration = selectors.accept(channel, this::open);
  }

  private Connection open(EndPoint endPoint) {
    ListenerTlsContext tls = options.tls();
    if (tls == null) {
      return new Http1Connection(
          endPoint, this, new ClientInfo(WatchedConnection.address(endPoint), null));
    }
    if (tls.settings().cleartextToo()) return new DetectingConnection(endPoint, this);
    return secured(endPoint);
  }

  /** Makes the connection of a client that speaks TLS. */
  Connection secured(EndPoint endPoint) {
    ListenerTlsContext tls = options.tls();
    if (tls == null) throw new IllegalStateException("a listener without TLS");
    return SecuringConnection.secure(endPoint, this, tls.newEngine());
  }

  @Override
  public void stopAccepting() {
    phase.stopping = true;
    unbind();
    for (ServedConnection connection : connections) connection.retire();
  }

  private SharedSelectors.@Nullable Registration unbind() {
    SharedSelectors.Registration mine;
    synchronized (this) {
      mine = registration;
      if (unbound) return mine;
      unbound = true;
    }
    if (mine != null) {
      mine.cancel();
    } else {
      IO.close(channel);
    }
    return mine;
  }

  @Override
  public void close() {
    phase.stopping = true;
    boolean first;
    synchronized (this) {
      first = !phase.closed;
      phase.closed = true;
    }
    SharedSelectors.Registration mine = unbind();
    awaitParted();
    for (ServedConnection connection : connections) connection.breakOff();
    if (mine != null) mine.awaitClosed();
    // What was accepted before that has been opened, and refused, by now or soon.
    for (ServedConnection connection : connections) connection.breakOff();
    timeouts.destroy();
    if (first) whenClosed.run();
  }

  // --- what its connections ask

  Executor executor() {
    return selectors.getExecutor();
  }

  Scheduler scheduler() {
    return selectors.getScheduler();
  }

  ByteBufferPool pool() {
    return pool;
  }

  ListenOptions options() {
    return options;
  }

  InboundHandler handler() {
    return handler;
  }

  Deadlines<ServedConnection> timeouts() {
    return timeouts;
  }

  /** How long a TLS handshake may take. */
  Duration handshakeTimeout() {
    ListenerTlsContext tls = options.tls();
    return tls == null ? options.headTimeout() : tls.settings().handshakeTimeout();
  }

  boolean isStopping() {
    return phase.stopping;
  }

  /** A connection begins; returns false when it must end at once. */
  boolean opened(ServedConnection connection) {
    connections.add(connection);
    return !phase.closed;
  }

  void closed(ServedConnection connection) {
    connections.remove(connection);
    if (!phase.stopping || !connections.isEmpty()) return;
    synchronized (connections) {
      connections.notifyAll();
    }
  }

  /** Gives clients that were told that this is the end a moment to read it and close. */
  private void awaitParted() {
    long end = NanoTime.now() + PARTING_NANOS;
    synchronized (connections) {
      try {
        while (!connections.isEmpty()) {
          long left = TimeUnit.NANOSECONDS.toMillis(NanoTime.until(end));
          if (left <= 0) return;
          connections.wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
