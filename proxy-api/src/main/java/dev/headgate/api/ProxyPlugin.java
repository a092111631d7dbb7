package dev.headgate.api;

import java.util.Map;

/**
 * A plugin: what it is, and an {@link Interceptor} for each proxy that uses it.
 *
 * <p>One plugin object may serve several proxies at the same time; what belongs to one proxy
 * (counters, files, connections) lives in the interceptor. Plugins are registered with a proxy's
 * builder or registry, or found by {@link java.util.ServiceLoader} when discovery is asked for.
 *
 * <p>Life cycle, in this order and each at most once between its counterparts: {@link #onInstall()}
 * when registered, {@link #onEnable()} when enabled, {@link #onDisable()}, {@link #onUninstall()}.
 * They are called on the thread that registers, enables, disables or unregisters, never during an
 * exchange, and may block. {@code onInstall} or {@code onEnable} that throws refuses the step; what
 * the others throw is logged.
 */
public interface ProxyPlugin {
  /**
   * Returns what the plugin declares about itself. Asked once, when it is registered.
   *
   * @return the metadata; the same on each call
   */
  PluginMetadata metadata();

  /**
   * Makes the interceptor for one proxy. Called once for each start of a proxy, and again when the
   * plugin is enabled in a running one.
   *
   * @param context what the proxy offers to the plugin
   * @return a new interceptor, used by that proxy alone
   * @throws Exception if the plugin can't work there; the start of the proxy, or the enabling,
   *     fails
   */
  Interceptor createInterceptor(PluginContext context) throws Exception;

  /**
   * Tells what a person who operates the proxy may want to know of this plugin beyond its metadata:
   * what it runs, counters of its own, its last failure. It is shown in the plugin's status, in all
   * proxies that use the plugin. Called at any time, by any thread, whenever a status is asked for;
   * must be quick and must not block. What it throws is logged, and then there are no details.
   *
   * @return values by name, in the order to show them: texts, numbers, booleans, and lists and maps
   *     of those; never a credential. Default: none
   */
  default Map<String, Object> details() {
    return Map.of();
  }

  /**
   * Called when the plugin has been registered.
   *
   * @throws Exception to refuse
   */
  default void onInstall() throws Exception {}

  /**
   * Called when the plugin is being enabled.
   *
   * @throws Exception to refuse
   */
  default void onEnable() throws Exception {}

  /**
   * Called when the plugin has been disabled and its last exchange has ended.
   *
   * @throws Exception which is logged
   */
  default void onDisable() throws Exception {}

  /**
   * Called when the plugin has been unregistered.
   *
   * @throws Exception which is logged
   */
  default void onUninstall() throws Exception {}
}
