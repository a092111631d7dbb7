package dev.headgate.wasm;

import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link WasmPlugin} shall be; not thread-safe. Values are checked by build. */
public final class WasmPluginBuilder {
  private static final String SUFFIX = ".wasm";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

  private final @Nullable Path path;
  private final byte @Nullable [] bytes;
  private @Nullable String id;
  private Consumer<? super PluginMetadata.Builder> metadata = builder -> {};
  private final Map<String, String> config = new LinkedHashMap<>();
  private WasmLimits limits = WasmLimits.defaults();
  private @Nullable Set<Hook> hooks;
  private WasmRuntime runtime = WasmRuntimes.compiled();
  private @Nullable String sha256;
  private @Nullable Duration watchInterval;

  WasmPluginBuilder(@Nullable Path path, byte @Nullable [] bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  /**
   * Sets the plugin's id.
   *
   * @param id as {@link PluginMetadata#id()} says
   * @return this
   */
  public WasmPluginBuilder id(String id) {
    this.id = Objects.requireNonNull(id, "id");
    return this;
  }

  /**
   * Sets more of the metadata: version, priority, failure policy, and all else but the id.
   *
   * @param metadata changes a builder that has the id; called once, by {@link #build()}
   * @return this
   */
  public WasmPluginBuilder metadata(Consumer<? super PluginMetadata.Builder> metadata) {
    this.metadata = Objects.requireNonNull(metadata, "metadata");
    return this;
  }

  /**
   * Adds a value to the guest's configuration. What a proxy sets for the plugin comes on top.
   *
   * @param name the name
   * @param value the value
   * @return this
   */
  public WasmPluginBuilder config(String name, String value) {
    config.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Adds values to the guest's configuration.
   *
   * @param values the values by name
   * @return this
   */
  public WasmPluginBuilder config(Map<String, String> values) {
    values.forEach(this::config);
    return this;
  }

  /**
   * Sets what the guest may use. Default: {@link WasmLimits#defaults()}.
   *
   * @param limits the limits
   * @return this
   */
  public WasmPluginBuilder limits(WasmLimits limits) {
    this.limits = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Sets which hooks are called. Default: all that the module exports.
   *
   * @param hooks the hooks; the module must export each of them
   * @return this
   */
  public WasmPluginBuilder hooks(Hook... hooks) {
    this.hooks = EnumSet.noneOf(Hook.class);
    this.hooks.addAll(List.of(hooks));
    return this;
  }

  /**
   * Sets what runs the guest. Default: {@link WasmRuntimes#compiled()}.
   *
   * @param runtime the runtime
   * @return this
   */
  public WasmPluginBuilder runtime(WasmRuntime runtime) {
    this.runtime = Objects.requireNonNull(runtime, "runtime");
    return this;
  }

  /**
   * Pins the content: any other is refused, now and when the plugin is reloaded.
   *
   * @param sha256 the SHA-256 of the module, 64 hexadecimal digits
   * @return this
   */
  public WasmPluginBuilder sha256(String sha256) {
    this.sha256 = Objects.requireNonNull(sha256, "sha256");
    return this;
  }

  /**
   * Watches the file, while a proxy uses the plugin, and reloads it when it has changed. Replace
   * the file in one step (write another one, and rename it): one half written can't be loaded,
   * which is logged, and is loaded when it has changed again.
   *
   * @param interval how often to look, by the proxy's clock; above zero
   * @return this
   */
  public WasmPluginBuilder watch(Duration interval) {
    this.watchInterval = Objects.requireNonNull(interval, "interval");
    return this;
  }

  /**
   * Loads the module and makes the plugin. Blocks for as long as that takes.
   *
   * @return the plugin
   * @throws IllegalArgumentException naming each offending setting and what was expected
   * @throws WasmLoadException if the module can't be used; names the file and the symbol
   */
  public WasmPlugin build() throws WasmLoadException {
    List<String> mistakes = new ArrayList<>();
    if (id == null && path == null) mistakes.add("a plugin made from bytes needs an id");
    if (path == null && watchInterval != null) mistakes.add("there is no file to watch");
    if (watchInterval != null && (watchInterval.isNegative() || watchInterval.isZero())) {
      mistakes.add("watch interval must be above zero, but was " + watchInterval);
    }
    if (sha256 != null && !SHA256.matcher(sha256).matches()) {
      mistakes.add("sha256 must be 64 hexadecimal digits, but was '" + sha256 + "'");
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid plugin: " + String.join("; ", mistakes));
    }
    PluginMetadata made = metadata();
    ModuleFile file = path == null ? null : new ModuleFile(path);
    String name = file == null ? made.id() : file.name();
    GuestLoader loader = new GuestLoader(file, name, runtime, limits, Map.copyOf(config), sha256);
    Generation first =
        loader.load(
            file == null
                ? new ModuleSource(name, Objects.requireNonNull(bytes))
                : file.read(limits.moduleBytes()));
    return new WasmPlugin(made, loader, config, chosen(name, first), watchInterval, first);
  }

  private PluginMetadata metadata() {
    PluginMetadata.Builder builder = PluginMetadata.builder(id == null ? idOfFile() : id);
    metadata.accept(builder);
    return builder.build();
  }

  private String idOfFile() {
    Path fileName = Objects.requireNonNull(path).getFileName();
    String text = fileName == null ? "" : fileName.toString().toLowerCase(Locale.ROOT);
    return text.endsWith(SUFFIX) ? text.substring(0, text.length() - SUFFIX.length()) : text;
  }

  private Set<Hook> chosen(String name, Generation first) throws WasmLoadException {
    if (hooks == null) return first.hooks();
    for (Hook hook : hooks) {
      if (!first.hooks().contains(hook)) {
        throw new WasmLoadException(
            name + ": does not export " + GuestHook.export(hook) + ", which was asked for");
      }
    }
    return hooks;
  }
}
