package dev.headgate.examples.quickstart;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.http.HeaderField;
import java.util.List;

/** Stands behind all other plugins and keeps the fields of the last request as it leaves them. */
final class SentHeadPlugin implements ProxyPlugin {
  private volatile List<HeaderField> fields = List.of();

  /** Returns the fields whose names begin so. */
  List<HeaderField> fields(String prefix) {
    return fields.stream().filter(field -> field.name().startsWith(prefix)).toList();
  }

  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder("sent-head").priority(1000).build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return new Interceptor() {
      @Override
      public RequestDecision onRequest(ProxyContext ctx) {
        fields = ctx.request().headers().fields();
        return RequestDecision.proceed();
      }
    };
  }
}
