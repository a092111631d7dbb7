package dev.headgate.plugins.metrics;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Session;
import dev.headgate.api.error.ProxyError;
import dev.headgate.plugins.metrics.Delta.ExchangeFacts;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The hooks: hands out the collector, and records each exchange when it ends. */
final class MetricsInterceptor implements Interceptor {
  private final MetricsSession metrics;
  private final Session session;
  private final OpenSessions open;
  private final Duration stopDeadline;

  MetricsInterceptor(
      MetricsSession metrics, PluginContext context, OpenSessions open, Duration stopDeadline) {
    this.metrics = metrics;
    this.session = context.session();
    this.open = open;
    this.stopDeadline = stopDeadline;
  }

  @Override
  public void onProxyStart(ProxyInfo proxy) {
    metrics.start();
    open.add(session.id(), metrics.recorder());
  }

  @Override
  public void onProxyStop(ProxyInfo proxy) throws InterruptedException {
    open.remove(session.id(), metrics.recorder());
    metrics.stop(stopDeadline);
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) {
    ctx.attributes().put(MetricsCollector.KEY, metrics.recorder());
    return RequestDecision.proceed();
  }

  @Override
  public ConnectDecision onConnect(ConnectContext ctx) {
    ctx.attributes().put(MetricsCollector.KEY, metrics.recorder());
    return ConnectDecision.proceed();
  }

  @Override
  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
    record(ctx, summary, null);
  }

  @Override
  public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
    record(ctx, summary, error.code().id());
  }

  private void record(ProxyContext ctx, ExchangeSummary summary, @Nullable String error) {
    RouteInfo route = ctx.route();
    ExchangeFacts facts =
        new ExchangeFacts(
            ctx.requestId(),
            route == null ? null : route.id(),
            session.provider(),
            session.model(),
            summary.status(),
            summary.outcome().name().toLowerCase(Locale.ROOT),
            error);
    boolean failed = error != null || summary.status() >= 400;
    long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(summary.timings().end(), 0));
    metrics
        .recorder()
        .exchange(
            facts,
            new Totals(
                1,
                failed ? 1 : 0,
                summary.requestBytes(),
                summary.responseBytes(),
                micros,
                Map.of()));
  }
}
