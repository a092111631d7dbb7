package dev.headgate.core.registry;

import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a registry knows of a plugin at one moment.
 *
 * @param metadata its metadata, with the priorities in force in this proxy
 * @param state what it is doing
 * @param hooks the hooks that it overrides; empty while it is disabled
 * @param faults how many faults it had since it was last enabled
 * @param suspensions how often it was suspended since then
 * @param details what the plugin tells of itself, by {@link dev.headgate.api.ProxyPlugin#details()}
 */
public record PluginStatus(
    PluginMetadata metadata,
    PluginState state,
    Set<Hook> hooks,
    long faults,
    long suspensions,
    Map<String, Object> details) {
  /**
   * Copies the details, in their order.
   *
   * @param metadata its metadata, with the priorities in force in this proxy
   * @param state what it is doing
   * @param hooks the hooks that it overrides
   * @param faults how many faults it had since it was last enabled
   * @param suspensions how often it was suspended since then
   * @param details what the plugin tells of itself
   */
  public PluginStatus {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }
}
