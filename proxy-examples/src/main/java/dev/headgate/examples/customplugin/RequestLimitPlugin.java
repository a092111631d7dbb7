package dev.headgate.examples.customplugin;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a number of requests through and answers all further ones of the session with 429. The
 * setting {@code most} of a proxy, where given, comes before the plugin's own number.
 */
// tag::plugin[]
public record RequestLimitPlugin(int most) implements ProxyPlugin {
  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder("request-limit").priority(150).build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    int limit = Integer.parseInt(context.settings().getOrDefault("most", "" + most));
    AtomicInteger seen = new AtomicInteger(); // of this proxy: each has an interceptor of its own
    return new Interceptor() {
      @Override
      public RequestDecision onRequest(ProxyContext ctx) {
        if (seen.incrementAndGet() <= limit) return RequestDecision.proceed();
        return RequestDecision.respond(
            DirectResponse.status(429).text("This session has had its " + limit + " requests.\n"));
      }
    };
  }
}
// end::plugin[]
