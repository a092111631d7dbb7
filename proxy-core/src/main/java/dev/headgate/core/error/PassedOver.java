package dev.headgate.core.error;

import java.util.Objects;

/**
 * A fault of a plugin that the exchange went on without.
 *
 * @param pluginId the plugin's id
 * @param hook the hook's method name, such as {@code onRequest}
 */
public record PassedOver(String pluginId, String hook) {
  /**
   * Checks that nothing is null.
   *
   * @param pluginId the plugin's id
   * @param hook the hook's method name
   */
  public PassedOver {
    Objects.requireNonNull(pluginId, "pluginId");
    Objects.requireNonNull(hook, "hook");
  }
}
