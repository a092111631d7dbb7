package dev.headgate.tck.broken;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import java.util.Map;

/** Passes all calls on to the plugin within. */
public class ForwardingPlugin implements ProxyPlugin {
  private final ProxyPlugin plugin;

  /**
   * Wraps it.
   *
   * @param plugin the plugin within
   */
  public ForwardingPlugin(ProxyPlugin plugin) {
    this.plugin = plugin;
  }

  @Override
  public PluginMetadata metadata() {
    return plugin.metadata();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) throws Exception {
    return plugin.createInterceptor(context);
  }

  @Override
  public Map<String, Object> details() {
    return plugin.details();
  }

  @Override
  public void onInstall() throws Exception {
    plugin.onInstall();
  }

  @Override
  public void onEnable() throws Exception {
    plugin.onEnable();
  }

  @Override
  public void onDisable() throws Exception {
    plugin.onDisable();
  }

  @Override
  public void onUninstall() throws Exception {
    plugin.onUninstall();
  }
}
