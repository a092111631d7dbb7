package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A WebAssembly guest as a plugin, in the same chain and under the same rules as plugins in Java.
 *
 * <p>The module is loaded, checked and compiled when the plugin is built, never while requests are
 * served. Each proxy has instances of its own, made as its exchanges need them, up to {@link
 * WasmLimits#instances()}, each for one call at a time; and variables of its own, which the
 * instances share and which outlive them. A guest that traps, or goes over a limit, is a fault of
 * the plugin, and its instance is thrown away.
 *
 * <p><b>Hooks.</b> Those that the module exports, or those of them that {@link
 * WasmPluginBuilder#hooks} names. They are fixed when the plugin is built.
 *
 * <p><b>Reload.</b> {@link #reload()}, or a change of the file with {@link
 * WasmPluginBuilder#watch}, puts another content into force: calls that begin later go to it, calls
 * under way end on the one before. A content that can't be loaded, or lacks a hook in use, changes
 * nothing.
 *
 * <p>Thread-safe, and usable in several proxies at once.
 */
public final class WasmPlugin implements ProxyPlugin {
  private final PluginMetadata metadata;
  private final GuestLoader loader;
  private final Map<String, String> config;
  private final Set<Hook> hooks;
  private final @Nullable Duration watchInterval;
  private final Counters counters = new Counters();
  private final Reloads reloads;

  WasmPlugin(
      PluginMetadata metadata,
      GuestLoader loader,
      Map<String, String> config,
      Set<Hook> hooks,
      @Nullable Duration watchInterval,
      Generation first) {
    this.metadata = metadata;
    this.loader = loader;
    this.config = Map.copyOf(config);
    this.hooks = Set.copyOf(hooks);
    this.watchInterval = watchInterval;
    this.reloads = new Reloads(metadata.id(), loader, this.hooks, first);
  }

  /**
   * Begins a plugin whose module is in a file. Its id is the file's name without {@code .wasm},
   * unless {@link WasmPluginBuilder#id} sets another.
   *
   * @param module the file
   * @return a builder, not thread-safe
   */
  public static WasmPluginBuilder builder(Path module) {
    return new WasmPluginBuilder(Objects.requireNonNull(module, "module"), null);
  }

  /**
   * Begins a plugin whose module is at hand. It has no id until {@link WasmPluginBuilder#id} sets
   * one.
   *
   * @param module the binary module, not copied; must not change any more
   * @return a builder, not thread-safe
   */
  public static WasmPluginBuilder builder(byte[] module) {
    return new WasmPluginBuilder(null, Objects.requireNonNull(module, "module"));
  }

  @Override
  public PluginMetadata metadata() {
    return metadata;
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return WasmInterceptor.of(new GuestPools(this, context), hooks, context);
  }

  /**
   * Reads the file again and puts its content into force. Blocks for as long as that takes, tens of
   * milliseconds; of several at once, one waits for the other.
   *
   * @return false if the content is the one in force already
   * @throws WasmLoadException if the content can't be used; the one before stays in force
   * @throws IllegalStateException if the plugin was built from bytes
   */
  public boolean reload() throws WasmLoadException {
    return reloads.fromFile();
  }

  /**
   * Puts another content into force, as {@link #reload()} does.
   *
   * @param module the binary module, not copied; must not change any more
   * @return false if the content is the one in force already
   * @throws WasmLoadException if the content can't be used; the one before stays in force
   */
  public boolean reload(byte[] module) throws WasmLoadException {
    return reloads.from(new ModuleSource(metadata.id(), Objects.requireNonNull(module, "module")));
  }

  /**
   * Tells what is in force, and counts.
   *
   * @return a snapshot
   */
  public WasmStatus status() {
    Generation generation = generation();
    return new WasmStatus(
        loader.name(),
        loader.runtime().name(),
        generation.sha256(),
        generation.loadedAt(),
        hooks,
        generation.instances(),
        reloads.done(),
        reloads.failed(),
        reloads.lastFailure(),
        counters.calls(),
        counters.failures(),
        counters.fuel());
  }

  /** What {@link #status()} says, for the status of the plugin in a registry. */
  @Override
  public Map<String, Object> details() {
    return status().details();
  }

  Generation generation() {
    return reloads.current();
  }

  void reloadIfChanged() {
    reloads.ifChanged();
  }

  @Nullable Duration watchInterval() {
    return watchInterval;
  }

  WasmLimits limits() {
    return loader.limits();
  }

  Map<String, String> config() {
    return config;
  }

  Counters counters() {
    return counters;
  }

  @Override
  public String toString() {
    return "WasmPlugin[" + metadata.id() + " from " + loader.name() + "]";
  }
}
