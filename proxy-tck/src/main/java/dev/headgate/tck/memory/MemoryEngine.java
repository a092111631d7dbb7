package dev.headgate.tck.memory;

import dev.headgate.api.HostPort;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * An engine without sockets, made by {@link MemoryBackend}. Tests register {@link #origin origins},
 * {@link #connect connect} scripted clients, move the clock by {@link #advance}, and at their end
 * {@link #assertNothingLeaked()}.
 *
 * <p>All callbacks run on one thread, in order. Time stands still unless moved. Bytes under way are
 * bounded: {@link #WINDOW_BYTES} for each direction of each connection. Host names are looked up
 * among the origins only; {@code https} targets are served like {@code http} ones, without TLS.
 * Thread-safe; what waits must not be called on the engine's thread.
 */
public final class MemoryEngine implements Engine {
  /** Most bytes between a writer and its reader, in each direction of each connection. */
  public static final int WINDOW_BYTES = 64 * 1024;

  /** Most bytes of one content that the core reads. */
  public static final int MAX_CONTENT_BYTES = 16 * 1024;

  private static final long NANO_ORIGIN = 1_000_000_000_000L;
  private static final int FIRST_FREE_PORT = 49_152;

  private final Ledger ledger = new Ledger();
  private final EventLoop loop;
  private final Clock clock;
  private final BlockingTasks blocking;
  private final boolean inlineCallbacks;
  private final MemoryUpstream upstream;
  private final Map<Integer, MemoryListener> listeners = new LinkedHashMap<>();
  private final Set<MemoryExchange> exchanges = new LinkedHashSet<>();
  private int nextPort = FIRST_FREE_PORT;
  private int clients;
  private boolean closed;

  MemoryEngine(EngineOptions options, boolean inlineCallbacks, boolean blockingOnDispatcher) {
    this.inlineCallbacks = inlineCallbacks;
    this.loop =
        new EventLoop(
            options.name() + "-memory",
            (what, fault) -> ledger.violation(what + " threw " + fault, fault),
            ledger::summary);
    this.clock = new VirtualClock(loop);
    this.blocking = new BlockingTasks(loop, options.name() + "-memory", blockingOnDispatcher);
    this.upstream = new MemoryUpstream(this, options);
  }

  void begin() {
    loop.start();
  }

  @Override
  public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
    InetSocketAddress wanted = options.address();
    MemoryListener made =
        loop.get(
            () -> {
              if (closed) throw new IllegalStateException("the engine is closed");
              int port = wanted.getPort();
              if (port == 0) port = freePort();
              InetAddress host = wanted.getAddress();
              InetSocketAddress bound =
                  host == null
                      ? InetSocketAddress.createUnresolved(wanted.getHostString(), port)
                      : new InetSocketAddress(host, port);
              MemoryListener listener = new MemoryListener(this, bound, options, handler);
              return listeners.putIfAbsent(port, listener) == null ? listener : null;
            });
    if (made == null) throw new BindException("Address already in use: " + wanted);
    return made;
  }

  private int freePort() {
    while (listeners.containsKey(nextPort)) nextPort++;
    return nextPort++;
  }

  @Override
  public UpstreamClient upstream() {
    return upstream;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public long nanoTime() {
    return NANO_ORIGIN + loop.elapsedNanos();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    return loop.schedule(delayNanos, task, false);
  }

  @Override
  public Executor blockingExecutor() {
    return blocking;
  }

  /**
   * Connects a scripted client.
   *
   * @param address where a listener is; only the port counts
   * @return the connection
   * @throws IllegalStateException if nothing listens there, or not any more
   */
  public MemoryClient connect(InetSocketAddress address) {
    return loop.get(
        () -> {
          MemoryListener listener = listeners.get(address.getPort());
          if (listener == null || !listener.accepts()) {
            throw new IllegalStateException("connection refused: " + address);
          }
          int number = ++clients;
          InetSocketAddress from =
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 1024 + number % 40_000);
          MemoryClient client = new MemoryClient(this, listener, from, "client#" + number);
          listener.add(client);
          return client;
        });
  }

  /**
   * Returns the scripted upstream of an address; the first call registers it. Requests to an
   * address without one fail with {@code dns_error}.
   *
   * @param host the host, in any case
   * @param port the port
   * @return the upstream
   */
  public MemoryOrigin origin(String host, int port) {
    return upstream.origin(new HostPort(host, port));
  }

  /**
   * Lets an upstream be found at an address too, by requests of a forward proxy: it looks names up,
   * and connects to addresses only.
   *
   * @param origin the upstream
   * @param address an address literal, as {@link java.net.InetAddress#getHostAddress} writes it
   * @param port the port
   */
  public void place(MemoryOrigin origin, String address, int port) {
    upstream.place(origin, new HostPort(address, port));
  }

  /**
   * Moves the clock. What becomes due runs in the order of its deadlines, each at its own time and
   * after the dispatcher has done all that followed from the one before. Does not wait for blocking
   * tasks, which may hang on purpose: {@link #awaitIdle()} before it does, and {@link
   * #advanceThroughBlocking} does at each step.
   *
   * @param time how far; zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public void advance(Duration time) {
    advance(time, false);
  }

  /**
   * Moves the clock like {@link #advance}, but each time waits for blocking tasks as well, so that
   * work which they schedule anew is due at its right time.
   *
   * @param time how far; zero or more
   * @throws IllegalArgumentException if it is negative
   */
  public void advanceThroughBlocking(Duration time) {
    advance(time, true);
  }

  private void advance(Duration time, boolean all) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time must not go back, but by " + time);
    }
    loop.advance(time.toNanos(), all);
  }

  /**
   * Does several steps of a script as one: nothing of the core's runs between them, so that the
   * order of what follows does not hang on which thread is faster.
   *
   * @param steps what to do; must not wait
   */
  public void together(Runnable steps) {
    loop.locked(steps);
  }

  /** Waits until no task is queued or running, those of the blocking executor included. */
  public void awaitIdle() {
    loop.awaitIdle(true);
  }

  /**
   * Returns what is held now.
   *
   * @return the counts
   */
  public MemoryUsage usage() {
    return loop.get(
        () ->
            new MemoryUsage(
                ledger.live().size(),
                exchanges.size(),
                listeners.values().stream().mapToInt(MemoryListener::connectionCount).sum(),
                upstream.busyCount(),
                upstream.idleCount(),
                upstream.waitingCount(),
                loop.pendingTimers().size(),
                loop.queuedTasks(),
                loop.blockingTasks(),
                listeners.size()));
  }

  /**
   * Returns what the core did against the rules of the SPI: overlapping calls, a write before the
   * completion of the one before, use after release, callbacks that throw, fields of the connection
   * in a head, and the like.
   *
   * @return one error for each, with the stack of the call
   */
  public List<AssertionError> violations() {
    return ledger.violations();
  }

  /**
   * Returns what clients and upstreams did and saw.
   *
   * @return the last 10,000 events, in order
   */
  public List<MemoryEvent> events() {
    return ledger.events();
  }

  /**
   * Waits for idleness, then fails if the core holds a content, left an exchange, upstream request
   * or blocking task under way, or broke a rule. Timers and listeners may stand: for a proxy that
   * goes on running.
   */
  public void assertExchangesLeakNothing() {
    awaitIdle();
    report().check(ledger.summary());
  }

  /**
   * Like {@link #assertExchangesLeakNothing()}; and no timer and no listener is left. For the end
   * of a test.
   */
  public void assertNothingLeaked() {
    awaitIdle();
    LeakReport report = report();
    report.add("timers pending", loop.pendingTimers().stream().map(timer -> timer.madeAt).toList());
    report.addNamed(
        "listeners open",
        loop.get(() -> listeners.values().stream().map(MemoryListener::authority).toList()));
    report.check(ledger.summary());
  }

  private LeakReport report() {
    LeakReport report = new LeakReport();
    report.add("violations", violations());
    report.add("contents not released", ledger.live().stream().map(one -> one.takenAt).toList());
    report.addNamed("exchanges in flight", loop.get(() -> List.copyOf(exchanges)));
    report.addNamed("upstream requests in flight", loop.get(upstream::activeExchanges));
    return report;
  }

  @Override
  public void close() {
    boolean first =
        loop.get(
            () -> {
              boolean open = !closed;
              closed = true;
              return open;
            });
    if (!first) return;
    List<MemoryListener> open = loop.get(() -> List.copyOf(listeners.values()));
    open.forEach(MemoryListener::close);
    IOException reason = new IOException("the engine was closed");
    loop.get(upstream::activeExchanges).forEach(exchange -> exchange.abort(reason));
    loop.locked(upstream::closeIdle);
    if (!loop.onDispatcher()) loop.awaitIdle(false);
    blocking.close();
    loop.stop();
  }

  EventLoop loop() {
    return loop;
  }

  Ledger ledger() {
    return ledger;
  }

  MemoryUpstream memoryUpstream() {
    return upstream;
  }

  boolean inlineCallbacks() {
    return inlineCallbacks;
  }

  void violation(String what) {
    ledger.violation(what);
  }

  void record(String who, String what) {
    ledger.record(loop::elapsedNanos, who, what);
  }

  /** A timer of the backend's own, which is no leak; runs with the lock held. */
  Timer internalTimer(Duration delay, Runnable task) {
    return loop.schedule(delay.toNanos(), () -> loop.locked(task), true);
  }

  /** A timer that belongs to a request; none where there is no limit. Runs without the lock. */
  Timer timer(long delayNanos, Runnable task) {
    if (delayNanos <= 0) return () -> {};
    return loop.schedule(delayNanos, task, true);
  }

  void exchangeStarted(MemoryExchange exchange) {
    exchanges.add(exchange);
  }

  void exchangeOver(MemoryExchange exchange) {
    exchanges.remove(exchange);
  }

  void removeListener(MemoryListener listener) {
    listeners.values().remove(listener);
  }
}
