package dev.headgate.benchmarks.peers;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;

/**
 * A plugin without settings or state.
 *
 * @param metadata what it says of itself
 * @param interceptor its hooks, the same in each proxy
 */
public record FixedPlugin(PluginMetadata metadata, Interceptor interceptor) implements ProxyPlugin {
  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return interceptor;
  }
}
