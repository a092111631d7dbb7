package dev.headgate.testkit;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.tck.memory.MemoryBackend;
import dev.headgate.tck.memory.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Runs a plugin in a real proxy without sockets, in front of a scripted upstream.
 *
 * <pre>{@code
 * HarnessResult result =
 *     PluginHarness.with(new MyPlugin())
 *         .request("POST", "/v1/messages")
 *         .header("Content-Type", "application/json")
 *         .body("{}")
 *         .upstreamAnswers(200, "one", "two")
 *         .run();
 *
 * assertEquals("me", result.upstream().header("X-Added-By"));
 * assertEquals("onetwo", result.text());
 * assertEquals(0, result.faults());
 * }</pre>
 *
 * <p>Each piece of a body arrives as one chunk. Time stands still unless a script lets it pass. At
 * the end of a run, what the plugin left behind (such as a chunk that was retained and never
 * released) fails it with an {@link AssertionError}. Not thread-safe.
 */
public final class PluginHarness {
  private final ProxyPlugin plugin;
  private final PluginOptions options = new PluginOptions();
  private final List<ProxyPlugin> others = new ArrayList<>();
  private final List<Consumer<? super ProxyBuilder>> settings = new ArrayList<>();

  private PluginHarness(ProxyPlugin plugin) {
    this.plugin = Objects.requireNonNull(plugin, "plugin");
  }

  /**
   * Begins a test of a plugin.
   *
   * @param plugin the plugin
   * @return a harness
   */
  public static PluginHarness with(ProxyPlugin plugin) {
    return new PluginHarness(plugin);
  }

  /**
   * Adds a further plugin, such as one that the tested one depends on.
   *
   * @param other the other plugin
   * @return this
   */
  public PluginHarness and(ProxyPlugin other) {
    others.add(Objects.requireNonNull(other, "other"));
    return this;
  }

  /**
   * Gives the plugin a setting.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public PluginHarness setting(String name, String value) {
    options.setting(name, value);
    return this;
  }

  /**
   * Sets whom the proxy works for; a session with a random id by default.
   *
   * @param session the session
   * @return this
   */
  public PluginHarness session(Session session) {
    return proxy(builder -> builder.session(session));
  }

  /**
   * Sets where credentials come from; none by default.
   *
   * @param supplier the supplier
   * @return this
   */
  public PluginHarness credentials(CredentialsSupplier supplier) {
    return proxy(builder -> builder.credentials(supplier));
  }

  /**
   * Sets anything else of the proxy: timeouts, limits. Routes and plugins are the harness's.
   *
   * @param setup given the proxy's builder before it starts
   * @return this
   */
  public PluginHarness proxy(Consumer<? super ProxyBuilder> setup) {
    settings.add(Objects.requireNonNull(setup, "setup"));
    return this;
  }

  /**
   * Begins the one request of a run: {@link HarnessRequest#run()} starts a proxy for it and stops
   * it afterwards.
   *
   * @param method the method
   * @param target path and query
   * @return the request, to be completed and run
   */
  public HarnessRequest request(String method, String target) {
    return new HarnessRequest(
        method,
        target,
        request -> {
          try (PluginSession session = start()) {
            return session.run(request);
          }
        });
  }

  /**
   * Starts a proxy for several requests.
   *
   * @return the running proxy; the caller closes it
   * @throws dev.headgate.StartException if the plugin refuses
   */
  public PluginSession start() {
    AtomicReference<MemoryEngine> started = new AtomicReference<>();
    ProxyEngine shared =
        ProxyEngine.start(new MemoryBackend().withObserver(started::set), EngineOptions.defaults());
    MemoryEngine engine = Objects.requireNonNull(started.get());
    boolean running = false;
    try {
      ProxyBuilder builder =
          Proxy.builder().engine(shared).route("/**", "http://" + PluginSession.UPSTREAM);
      settings.forEach(setup -> setup.accept(builder));
      others.forEach(builder::plugin);
      builder.plugin(plugin, given -> given.settings(options.settings()));
      PluginSession session =
          new PluginSession(shared, engine, builder.start(), plugin.metadata().id());
      running = true;
      return session;
    } finally {
      if (!running) shared.close();
    }
  }
}
