package dev.headgate.jetty;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ProxyError;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A plugin that decides as a test says, and tells how exchanges end. */
final class TestPlugin implements ProxyPlugin {
  private final Function<ProxyContext, RequestDecision> decision;
  private final BlockingQueue<ExchangeSummary> ends = new LinkedBlockingQueue<>();

  TestPlugin(Function<ProxyContext, RequestDecision> decision) {
    this.decision = decision;
  }

  /** Waits for the next exchange to end. */
  ExchangeSummary awaitEnd() throws InterruptedException {
    ExchangeSummary end = ends.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS);
    if (end == null) throw new AssertionError("the exchange has not ended");
    return end;
  }

  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder("test").build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return new Interceptor() {
      @Override
      public RequestDecision onRequest(ProxyContext ctx) {
        return decision.apply(ctx);
      }

      @Override
      public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
        ends.add(summary);
      }

      @Override
      public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
        ends.add(summary);
      }
    };
  }
}
