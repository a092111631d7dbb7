package dev.headgate.benchmarks.peers;

import dev.headgate.ProxyBuilder;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import java.util.Objects;

/**
 * The chain that is measured: a bundled plugin that adds a request field, one that sets a response
 * field, and three that only look: at both heads, at the end, and at nothing.
 */
public final class FivePlugins {
  private FivePlugins() {}

  /**
   * Adds them.
   *
   * @param proxy the proxy
   * @return the same
   */
  public static ProxyBuilder in(ProxyBuilder proxy) {
    return proxy
        .plugin(HeaderInjectionPlugin.builder().cli("benchmark", "1.0").build())
        .plugin(
            plugin(
                "response-field",
                new Interceptor() {
                  @Override
                  public ResponseDecision onResponseHeaders(ProxyContext ctx) {
                    Objects.requireNonNull(ctx.response()).headers().set("X-Served-By", "headgate");
                    return ResponseDecision.proceed();
                  }
                }))
        .plugin(
            plugin(
                "heads",
                new Interceptor() {
                  @Override
                  public RequestDecision onRequest(ProxyContext ctx) {
                    return RequestDecision.proceed();
                  }

                  @Override
                  public ResponseDecision onResponseHeaders(ProxyContext ctx) {
                    return ResponseDecision.proceed();
                  }
                }))
        .plugin(
            plugin(
                "end",
                new Interceptor() {
                  @Override
                  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {}
                }))
        .plugin(plugin("nothing", new Interceptor() {}));
  }

  private static ProxyPlugin plugin(String id, Interceptor interceptor) {
    return new FixedPlugin(PluginMetadata.builder(id).build(), interceptor);
  }
}
