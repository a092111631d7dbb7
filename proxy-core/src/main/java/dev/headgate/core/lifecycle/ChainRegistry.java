package dev.headgate.core.lifecycle;

import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.chain.Chain;
import dev.headgate.core.chain.Link;
import dev.headgate.core.chain.PluginHealth;
import dev.headgate.core.chain.PluginOrder;
import dev.headgate.core.chain.PluginSlot;
import dev.headgate.core.lifecycle.RegisteredPlugin.Active;
import dev.headgate.core.registry.PluginException;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.registry.PluginRegistry;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.registry.PluginStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of one proxy, and the chain that exchanges run on. The chain is read without a lock;
 * changes hold this object's monitor.
 */
public final class ChainRegistry implements PluginRegistry {
  private final RegistryOptions options;
  private final Map<String, RegisteredPlugin> plugins = new LinkedHashMap<>();
  private volatile Chain chain = new Chain(List.of());
  private @Nullable ProxyInfo proxy;
  private boolean stopped;

  /**
   * Makes an empty registry.
   *
   * @param options what it needs of its proxy
   */
  public ChainRegistry(RegistryOptions options) {
    this.options = options;
  }

  /**
   * Adds the plugins that {@link ServiceLoader} finds with the caller's context class loader, in
   * the order of their ids, but for those whose id is there already.
   *
   * @param plugins where they are added, each to be used as it declares
   * @param mistakes where it is noted that one can't be loaded
   */
  public static void discover(Map<ProxyPlugin, PluginOptions> plugins, List<String> mistakes) {
    List<ProxyPlugin> found = new ArrayList<>();
    try {
      ServiceLoader.load(ProxyPlugin.class).forEach(found::add);
    } catch (ServiceConfigurationError e) {
      mistakes.add("plugins can't be discovered: " + e.getMessage());
    }
    found.sort(Comparator.comparing(ChainRegistry::idOrNone));
    Set<String> ids = new HashSet<>();
    plugins.keySet().forEach(plugin -> ids.add(idOrNone(plugin)));
    for (ProxyPlugin plugin : found) {
      String id = idOrNone(plugin);
      if (id.isEmpty() || ids.add(id)) plugins.put(plugin, new PluginOptions());
    }
  }

  /** The id of a plugin; empty for one that fails to tell, which {@link #mistakes} reports. */
  private static String idOrNone(ProxyPlugin plugin) {
    try {
      return plugin.metadata().id();
    } catch (RuntimeException e) {
      return "";
    }
  }

  @Override
  public synchronized void register(ProxyPlugin plugin, PluginOptions how) {
    requireRunning();
    RegisteredPlugin added = new RegisteredPlugin(plugin, how, options);
    if (plugins.containsKey(added.id())) {
      throw new PluginException("plugin id '" + added.id() + "' is registered already", null);
    }
    added.loudly("onInstall", plugin::onInstall);
    plugins.put(added.id(), added);
    if (!how.enabled()) return;
    try {
      enable(added.id());
    } catch (PluginException e) {
      plugins.remove(added.id());
      added.quietly("onUninstall", plugin::onUninstall);
      throw e;
    }
  }

  /**
   * Registers the plugins of a proxy that has not started, in order, and enables them unless their
   * options say otherwise.
   *
   * @param all the plugins and how this proxy uses them; their ids and dependencies have been
   *     checked
   * @throws PluginException if a plugin refuses; {@link #stop()} then undoes what was done
   */
  public synchronized void registerAll(Map<ProxyPlugin, PluginOptions> all) {
    List<RegisteredPlugin> added = new ArrayList<>();
    all.forEach(
        (plugin, how) -> {
          RegisteredPlugin entry = new RegisteredPlugin(plugin, how, options);
          entry.loudly("onInstall", plugin::onInstall);
          plugins.put(entry.id(), entry);
          if (how.enabled()) added.add(entry);
        });
    for (RegisteredPlugin entry : added) {
      entry.loudly("onEnable", entry.plugin::onEnable);
      try {
        entry.active = entry.activate();
      } catch (PluginException e) {
        entry.quietly("onDisable", entry.plugin::onDisable);
        throw e;
      }
    }
  }

  /**
   * Checks plugins before anything is done with them.
   *
   * @param all the plugins and how the proxy is to use them
   * @return all mistakes; empty when there are none
   */
  public static List<String> mistakes(Map<ProxyPlugin, PluginOptions> all) {
    List<String> mistakes = new ArrayList<>();
    List<PluginMetadata> enabled = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    all.forEach(
        (plugin, how) -> {
          try {
            PluginMetadata declared = plugin.metadata();
            if (declared == null) throw new IllegalArgumentException("metadata() returned null");
            PluginMetadata metadata = how.apply(declared);
            if (how.enabled()) {
              enabled.add(metadata);
            } else if (!ids.add(metadata.id())) {
              mistakes.add(
                  "plugin id '" + metadata.id() + "' must be used once, but was used twice");
            }
          } catch (IllegalArgumentException e) {
            mistakes.add("plugin " + plugin.getClass().getName() + ": " + e.getMessage());
          } catch (RuntimeException e) {
            mistakes.add("plugin " + plugin.getClass().getName() + ": metadata() failed: " + e);
          }
        });
    mistakes.addAll(PluginOrder.mistakes(enabled));
    for (PluginMetadata metadata : enabled) {
      if (ids.contains(metadata.id())) {
        mistakes.add("plugin id '" + metadata.id() + "' must be used once, but was used twice");
      }
    }
    return mistakes;
  }

  @Override
  public synchronized void enable(String id) {
    requireRunning();
    RegisteredPlugin entry = find(id);
    if (entry.active != null) {
      entry.active.slot.health().reset();
      return;
    }
    checkOrder(entry, true);
    entry.loudly("onEnable", entry.plugin::onEnable);
    Active made = null;
    try {
      made = entry.activate();
      ProxyInfo running = proxy;
      if (running != null) entry.start(made, running);
    } catch (PluginException e) {
      entry.quietly("onDisable", entry.plugin::onDisable);
      throw e;
    }
    entry.active = made;
    if (proxy != null) swap();
  }

  @Override
  public synchronized CompletionStage<Void> disable(String id) {
    requireRunning();
    RegisteredPlugin entry = find(id);
    Active leaving = entry.active;
    if (leaving == null) return CompletableFuture.completedFuture(null);
    checkOrder(entry, false);
    entry.active = null;
    ProxyInfo running = proxy;
    if (running == null) {
      leaving.released().complete(null);
    } else {
      swap();
    }
    return leaving
        .released()
        .thenCompose(
            done ->
                running == null
                    ? CompletableFuture.<Void>completedFuture(null)
                    : entry.stop(leaving, running))
        .thenRun(() -> entry.quietly("onDisable", entry.plugin::onDisable));
  }

  @Override
  public synchronized CompletionStage<Void> unregister(String id) {
    RegisteredPlugin entry = find(id);
    CompletionStage<Void> disabled = disable(id);
    plugins.remove(id);
    return disabled.thenRun(() -> entry.quietly("onUninstall", entry.plugin::onUninstall));
  }

  @Override
  public List<PluginStatus> list() {
    // Plugins tell their details outside the monitor: a slow one must not hold up changes.
    return known().entrySet().stream()
        .map(entry -> entry.getValue().apply(entry.getKey().details()))
        .toList();
  }

  /** Returns what is known of each plugin now, but for its details. */
  private synchronized Map<RegisteredPlugin, Function<Map<String, Object>, PluginStatus>> known() {
    Map<RegisteredPlugin, Function<Map<String, Object>, PluginStatus>> statuses =
        new LinkedHashMap<>();
    plugins.values().stream()
        .sorted((a, b) -> a.metadata.priority(Hook.REQUEST) - b.metadata.priority(Hook.REQUEST))
        .forEach(entry -> statuses.put(entry, status(entry)));
    return statuses;
  }

  private static Function<Map<String, Object>, PluginStatus> status(RegisteredPlugin entry) {
    PluginMetadata metadata = entry.metadata;
    Active active = entry.active;
    if (active == null) {
      return details -> new PluginStatus(metadata, PluginState.DISABLED, Set.of(), 0, 0, details);
    }
    PluginSlot slot = active.slot;
    PluginState state = slot.health().suspended() ? PluginState.SUSPENDED : PluginState.ENABLED;
    long faults = slot.health().faults();
    long suspensions = slot.health().suspensions();
    return details -> new PluginStatus(metadata, state, slot.hooks(), faults, suspensions, details);
  }

  @Override
  public String describe() {
    return list().stream().map(ChainRegistry::line).collect(Collectors.joining("\n"));
  }

  private static String line(PluginStatus status) {
    PluginMetadata metadata = status.metadata();
    return String.format(
        "%4d  %s %s  %s  %s  faults %d  hooks %s",
        metadata.priority(Hook.REQUEST),
        metadata.id(),
        metadata.version(),
        status.state(),
        metadata.failurePolicy(),
        status.faults(),
        status.hooks());
  }

  /**
   * Returns the chain in force.
   *
   * @return the chain for the next exchange
   */
  public Chain chain() {
    return chain;
  }

  /**
   * Starts the interceptors of all enabled plugins, in order, and puts the first chain in place.
   *
   * @param info the proxy, which listens
   * @throws PluginException if one refuses; those before it have been stopped
   */
  public synchronized void start(ProxyInfo info) {
    List<RegisteredPlugin> started = new ArrayList<>();
    try {
      for (RegisteredPlugin entry : inOrder()) {
        Active active = entry.active;
        if (active == null) continue;
        entry.start(active, info);
        started.add(entry);
      }
    } catch (PluginException e) {
      Collections.reverse(started);
      for (RegisteredPlugin entry : started) {
        Active active = entry.active;
        if (active != null) entry.stop(active, info).join();
      }
      throw e;
    }
    proxy = info;
    swap();
  }

  /**
   * Stops all interceptors in reverse order of the chain, once no exchange runs through them, then
   * disables and unregisters all plugins. A second call does nothing.
   *
   * @return complete when all have been stopped; never fails
   */
  public synchronized CompletableFuture<Void> stop() {
    if (stopped) return CompletableFuture.completedFuture(null);
    stopped = true;
    List<RegisteredPlugin> order = inOrder();
    Collections.reverse(order);
    ProxyInfo info = proxy;
    chain.retire();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (RegisteredPlugin entry : order) {
      Active active = entry.active;
      if (active == null) continue;
      if (info == null) {
        entry.discard(active);
        continue;
      }
      all =
          all.thenCompose(
              before -> active.released().thenCompose(free -> entry.stop(active, info)));
    }
    return all.thenRun(
        () -> {
          for (RegisteredPlugin entry : order) {
            if (entry.active != null) entry.quietly("onDisable", entry.plugin::onDisable);
            entry.quietly("onUninstall", entry.plugin::onUninstall);
          }
        });
  }

  private List<RegisteredPlugin> inOrder() {
    List<RegisteredPlugin> order = new ArrayList<>(plugins.values());
    order.sort((a, b) -> a.metadata.priority(Hook.REQUEST) - b.metadata.priority(Hook.REQUEST));
    return order;
  }

  private void swap() {
    Chain before = chain;
    List<PluginSlot> slots = new ArrayList<>();
    for (RegisteredPlugin entry : plugins.values()) {
      if (entry.active != null) slots.add(entry.active.slot);
    }
    chain = new Chain(slots);
    before.retire();
  }

  private void checkOrder(RegisteredPlugin changed, boolean enabled) {
    List<PluginMetadata> then =
        plugins.values().stream()
            .filter(entry -> entry == changed ? enabled : entry.active != null)
            .map(entry -> entry.metadata)
            .toList();
    List<String> mistakes = PluginOrder.mistakes(then);
    if (!mistakes.isEmpty()) {
      String step = enabled ? "enable" : "disable";
      throw new PluginException(
          "can't " + step + " plugin '" + changed.id() + "': " + String.join("; ", mistakes), null);
    }
  }

  private RegisteredPlugin find(String id) {
    RegisteredPlugin entry = plugins.get(id);
    if (entry == null) {
      throw new PluginException(
          "no plugin '" + id + "' is registered; there are " + plugins.keySet(), null);
    }
    return entry;
  }

  private void requireRunning() {
    if (stopped) throw new IllegalStateException("the proxy has been stopped");
  }

  /**
   * Returns the link for a route's handler, which is called like a plugin that must not fail.
   *
   * @param metadata names the handler
   * @param interceptor calls it
   * @return a link outside any chain
   */
  public Link handlerLink(PluginMetadata metadata, Interceptor interceptor) {
    return Link.behindAll(
        new PluginSlot(
            metadata,
            interceptor,
            new PluginHealth(Integer.MAX_VALUE, options.coolDown()),
            () -> {}));
  }
}
