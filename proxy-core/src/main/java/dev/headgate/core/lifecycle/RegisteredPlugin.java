package dev.headgate.core.lifecycle;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import dev.headgate.core.chain.PluginHealth;
import dev.headgate.core.chain.PluginSlot;
import dev.headgate.core.concurrent.BlockingCall;
import dev.headgate.core.registry.PluginException;
import dev.headgate.core.registry.PluginOptions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One plugin in one registry: the plugin itself and, while it is enabled, its interceptor. */
final class RegisteredPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(RegisteredPlugin.class);

  /** An interceptor from its making to its stop. */
  static final class Active {
    final PluginSlot slot;
    private final EnginePluginScheduler scheduler;
    private final CompletableFuture<Void> released;
    boolean started;

    Active(
        PluginMetadata metadata,
        Interceptor interceptor,
        PluginHealth health,
        EnginePluginScheduler scheduler) {
      this.scheduler = scheduler;
      CompletableFuture<Void> drained = new CompletableFuture<>();
      this.released = drained;
      this.slot = new PluginSlot(metadata, interceptor, health, () -> drained.complete(null));
    }

    /** Complete when no exchange runs through it any more. */
    CompletableFuture<Void> released() {
      return released;
    }
  }

  final ProxyPlugin plugin;
  final PluginMetadata metadata;
  private final Map<String, String> settings;
  private final RegistryOptions options;
  @Nullable Active active;

  RegisteredPlugin(ProxyPlugin plugin, PluginOptions how, RegistryOptions options) {
    this.plugin = plugin;
    this.metadata = how.apply(plugin.metadata());
    this.settings = how.settings();
    this.options = options;
  }

  String id() {
    return metadata.id();
  }

  /** Returns what the plugin tells of itself; nothing when it fails to. */
  Map<String, Object> details() {
    try {
      return new LinkedHashMap<>(plugin.details());
    } catch (Throwable e) {
      LOG.warn("plugin {} failed in details", id(), e);
      return Map.of();
    }
  }

  /** Makes the interceptor. */
  Active activate() {
    Logger logger = LoggerFactory.getLogger("dev.headgate.plugin." + id());
    EnginePluginScheduler scheduler = new EnginePluginScheduler(options.engine(), logger);
    boolean made = false;
    try {
      Interceptor interceptor = plugin.createInterceptor(new Context(logger, scheduler));
      if (interceptor == null) {
        throw new IllegalStateException("createInterceptor returned null");
      }
      made = true;
      PluginHealth health = new PluginHealth(options.faultsInARow(), options.coolDown());
      return new Active(metadata, interceptor, health, scheduler);
    } catch (Throwable e) {
      throw new PluginException("plugin '" + id() + "' could not make its interceptor: " + e, e);
    } finally {
      if (!made) scheduler.close();
    }
  }

  void start(Active which, ProxyInfo proxy) {
    try {
      which.slot.interceptor().onProxyStart(proxy);
      which.started = true;
    } catch (Throwable e) {
      throw new PluginException("plugin '" + id() + "' refused to start: " + e, e);
    }
  }

  /** Lets go of an interceptor that was never started. */
  void discard(Active which) {
    which.scheduler.close();
  }

  /**
   * Stops an interceptor that no exchange runs through any more, within its deadline. Never fails.
   */
  CompletableFuture<Void> stop(Active which, ProxyInfo proxy) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    if (!which.started) {
      which.scheduler.close();
      stopped.complete(null);
      return stopped;
    }
    BlockingCall.run(
        options.engine(),
        metadata.stopDeadline(),
        () -> {
          which.slot.interceptor().onProxyStop(proxy);
          return true;
        },
        (ok, thrown) -> {
          which.scheduler.close();
          if (thrown != null) LOG.warn("plugin {} failed in onProxyStop", id(), thrown);
          stopped.complete(null);
        });
    return stopped;
  }

  /** Calls a step of the life cycle whose failure is only logged. */
  void quietly(String step, LifeCycleStep call) {
    try {
      call.run();
    } catch (Throwable e) {
      LOG.warn("plugin {} failed in {}", id(), step, e);
    }
  }

  /** Calls a step of the life cycle that may refuse. */
  void loudly(String step, LifeCycleStep call) {
    try {
      call.run();
    } catch (Throwable e) {
      throw new PluginException("plugin '" + id() + "' refused in " + step + ": " + e, e);
    }
  }

  /** A method of {@link ProxyPlugin}. */
  interface LifeCycleStep {
    void run() throws Exception;
  }

  private final class Context implements PluginContext {
    private final Logger logger;
    private final PluginScheduler scheduler;

    Context(Logger logger, PluginScheduler scheduler) {
      this.logger = logger;
      this.scheduler = scheduler;
    }

    @Override
    public String pluginId() {
      return id();
    }

    @Override
    public Session session() {
      return options.session();
    }

    @Override
    public Map<String, String> settings() {
      return settings;
    }

    @Override
    public CredentialsSupplier credentials() {
      return options.credentials();
    }

    @Override
    public Logger logger() {
      return logger;
    }

    @Override
    public PluginScheduler scheduler() {
      return scheduler;
    }

    @Override
    public Executor blockingExecutor() {
      return options.engine().blockingExecutor();
    }

    @Override
    public Clock clock() {
      return options.engine().clock();
    }
  }
}
