package dev.headgate;

import dev.headgate.api.ProxyInfo;
import dev.headgate.api.Session;
import dev.headgate.core.config.DurationRange;
import dev.headgate.core.exchange.ExchangeFactory;
import dev.headgate.core.lifecycle.ChainRegistry;
import dev.headgate.core.registry.PluginRegistry;
import dev.headgate.core.route.Router;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.tls.ListenerTlsContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy. Thread-safe.
 *
 * <pre>{@code
 * try (Proxy proxy = Proxy.builder()
 *     .route("/v1/**", "https://api.example.com")
 *     .plugin(new MyPlugin())
 *     .start()) {
 *   System.out.println(proxy.uri());
 * }
 * }</pre>
 */
public final class Proxy implements AutoCloseable {
  private final ProxyEngine engine;
  private final Listener listener;
  private final ExchangeFactory exchanges;
  private final ChainRegistry plugins;
  private final Router router;
  private final ProxyInfo info;
  private final Duration grace;
  private final @Nullable ListenerTlsContext tls;

  /** Guarded by this. */
  private @Nullable CompletableFuture<Void> stopped;

  Proxy(
      ProxyEngine engine,
      Listener listener,
      ExchangeFactory exchanges,
      ChainRegistry plugins,
      Router router,
      ProxyInfo info,
      Duration grace,
      @Nullable ListenerTlsContext tls) {
    this.engine = engine;
    this.listener = listener;
    this.exchanges = exchanges;
    this.plugins = plugins;
    this.router = router;
    this.info = info;
    this.grace = grace;
    this.tls = tls;
  }

  /**
   * Begins a proxy.
   *
   * @return a builder: any free loopback port, no plugins, default timeouts and limits; needs a
   *     route
   */
  public static ProxyBuilder builder() {
    return new ProxyBuilder();
  }

  /**
   * Returns where the proxy listens.
   *
   * @return such as {@code http://127.0.0.1:54321}
   */
  public URI uri() {
    return info.uri();
  }

  /**
   * Reads the files of the listener's TLS settings again. New connections use them; those that are
   * open live on. Blocks while it reads.
   *
   * @throws ConfigurationException naming each mistake; then everything stays as it was
   * @throws IllegalStateException if the proxy does not speak TLS with clients
   */
  public void reloadTls() {
    ListenerTlsContext context = tls;
    if (context == null) throw new IllegalStateException("the proxy was started without TLS");
    List<String> mistakes = context.reload();
    if (!mistakes.isEmpty()) {
      throw new ConfigurationException("TLS stays as it was: it can't be reloaded", mistakes);
    }
  }

  /**
   * Returns the port it listens on.
   *
   * @return the port that was chosen
   */
  public int port() {
    return listener.address().getPort();
  }

  /**
   * Returns whom it works for.
   *
   * @return the session
   */
  public Session session() {
    return info.session();
  }

  /**
   * Returns its plugins, which may be changed while it runs.
   *
   * @return the registry
   */
  public PluginRegistry plugins() {
    return plugins;
  }

  /**
   * Returns how many exchanges are under way.
   *
   * @return 0 or more
   */
  public int inFlight() {
    return exchanges.inFlight();
  }

  /**
   * Describes routes and chain for people.
   *
   * @return several lines: the routes in the order in which they are tried, then the plugins
   */
  public String describe() {
    return "proxy "
        + info.uri()
        + "\nroutes:\n  "
        + String.join("\n  ", router.describe())
        + "\nplugins:\n"
        + plugins.describe();
  }

  /**
   * Stops without blocking: refuses new exchanges, lets those under way finish within the grace,
   * aborts what is left, stops the plugins in reverse order within their own deadlines, and closes
   * everything. Idempotent: the first call decides.
   *
   * @param time the grace, zero or more; less is zero, and more than a hundred years is that
   * @return complete when nothing is left; never fails
   */
  public synchronized CompletionStage<Void> stopAsync(Duration time) {
    if (stopped == null) stopped = beginStop(time);
    return stopped;
  }

  private CompletableFuture<Void> beginStop(Duration time) {
    CompletableFuture<Void> drained = exchanges.drain();
    listener.stopAccepting();
    Engine.Timer timer =
        engine.running().schedule(DurationRange.nanosWithin(time), exchanges::abortAll);
    return drained
        .thenRun(timer::cancel)
        .thenCompose(done -> plugins.stop())
        // Closing waits for threads of the engine, of which the present one may be.
        .thenRunAsync(this::closeAll, task -> new Thread(task, "headgate-stop").start());
  }

  private void closeAll() {
    listener.close();
    engine.release();
  }

  /**
   * Stops as {@link #stopAsync} does, and waits for it. If the thread is interrupted, stopping goes
   * on.
   *
   * @param time the grace, as above
   */
  public void stop(Duration time) {
    stopAsync(time).toCompletableFuture().join();
  }

  /** Stops with the grace that the builder set. */
  public void stop() {
    stop(grace);
  }

  /** Stops with the grace that the builder set. */
  @Override
  public void close() {
    stop(grace);
  }
}
