package dev.headgate.core.registry;

import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one proxy uses a plugin. Not thread-safe; read when the plugin is registered. */
public final class PluginOptions {
  private @Nullable Integer priority;
  private final Map<Hook, Integer> hookPriorities = new EnumMap<>(Hook.class);
  private final Map<String, String> settings = new HashMap<>();
  private boolean enabled = true;

  /** Makes options that change nothing: enabled, priorities as the metadata says, no settings. */
  public PluginOptions() {}

  /**
   * Overrides the plugin's priority in this proxy.
   *
   * @param value 0 to 1000
   * @return this
   */
  public PluginOptions priority(int value) {
    priority = value;
    return this;
  }

  /**
   * Overrides the priority of one hook in this proxy.
   *
   * @param hook the hook
   * @param value 0 to 1000
   * @return this
   */
  public PluginOptions priority(Hook hook, int value) {
    hookPriorities.put(Objects.requireNonNull(hook, "hook"), value);
    return this;
  }

  /**
   * Gives the plugin a setting in this proxy.
   *
   * @param name its name
   * @param value its value
   * @return this
   */
  public PluginOptions setting(String name, String value) {
    settings.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Gives the plugin settings in this proxy.
   *
   * @param values by name
   * @return this
   */
  public PluginOptions settings(Map<String, String> values) {
    settings.putAll(values);
    return this;
  }

  /**
   * Registers the plugin without enabling it.
   *
   * @return this
   */
  public PluginOptions disabled() {
    enabled = false;
    return this;
  }

  /**
   * Returns whether the plugin is enabled once it is registered.
   *
   * @return true unless {@link #disabled()} was called
   */
  public boolean enabled() {
    return enabled;
  }

  /**
   * Returns the settings.
   *
   * @return an immutable copy
   */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /**
   * Applies the priorities to a plugin's metadata.
   *
   * @param declared as the plugin declares it
   * @return as it is in force in this proxy
   * @throws IllegalArgumentException if a priority is out of range
   */
  public PluginMetadata apply(PluginMetadata declared) {
    if (priority == null && hookPriorities.isEmpty()) return declared;
    Map<Hook, Integer> hooks =
        new HashMap<>(priority == null ? declared.hookPriorities() : Map.of());
    hooks.putAll(hookPriorities);
    return new PluginMetadata(
        declared.id(),
        declared.name(),
        declared.version(),
        priority == null ? declared.priority() : priority,
        hooks,
        declared.dependencies(),
        declared.failurePolicy(),
        declared.hookDeadline(),
        declared.stopDeadline(),
        declared.blocking(),
        declared.requestBody(),
        declared.responseBody(),
        declared.plainText());
  }
}
