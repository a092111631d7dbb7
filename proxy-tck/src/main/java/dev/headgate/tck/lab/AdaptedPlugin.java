package dev.headgate.tck.lab;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;

/** What {@link TckEnvironment#adapt} made of a plugin, to be called in its place. */
abstract class AdaptedPlugin implements ProxyPlugin {
  private final ProxyPlugin adapted;

  AdaptedPlugin(ProxyPlugin adapted) {
    this.adapted = adapted;
  }

  @Override
  public PluginMetadata metadata() {
    return adapted.metadata();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) throws Exception {
    return adapted.createInterceptor(context);
  }

  @Override
  public void onInstall() throws Exception {
    adapted.onInstall();
  }

  @Override
  public void onEnable() throws Exception {
    adapted.onEnable();
  }

  @Override
  public void onDisable() throws Exception {
    adapted.onDisable();
  }

  @Override
  public void onUninstall() throws Exception {
    adapted.onUninstall();
  }
}
