package dev.headgate.jetty;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Records what a plugin hears of tunnels, and decides as a test says. */
final class TunnelPlugin implements ProxyPlugin {
  final List<String> hooks = new CopyOnWriteArrayList<>();
  private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final UnaryPlugin metadata;
  volatile Function<ProxyContext, ResponseDecision> onResponse = ctx -> ResponseDecision.proceed();
  volatile Function<ConnectContext, ConnectDecision> onConnect = ctx -> ConnectDecision.proceed();

  /** How an exchange ended; the code is empty when that was no error. */
  record End(Outcome outcome, String code, int status, long in, long out) {}

  /** Sets up the metadata. */
  interface UnaryPlugin {
    PluginMetadata.Builder apply(PluginMetadata.Builder builder);
  }

  TunnelPlugin() {
    this(builder -> builder);
  }

  TunnelPlugin(UnaryPlugin metadata) {
    this.metadata = metadata;
  }

  End awaitEnd() {
    try {
      End end = ends.poll(Wire.CEILING_MILLIS, TimeUnit.MILLISECONDS);
      if (end == null) throw new AssertionError("the exchange has not ended");
      return end;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public PluginMetadata metadata() {
    return metadata.apply(PluginMetadata.builder("tunnel-watch")).build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return new Interceptor() {
      @Override
      public ConnectDecision onConnect(ConnectContext ctx) {
        hooks.add("connect " + ctx.destination());
        return onConnect.apply(ctx);
      }

      @Override
      public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
        hooks.add("request chunk");
        out.pass(chunk);
      }

      @Override
      public ResponseDecision onResponseHeaders(ProxyContext ctx) {
        hooks.add("response " + ctx.response().status());
        return onResponse.apply(ctx);
      }

      @Override
      public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
        hooks.add("response chunk");
        out.pass(chunk);
      }

      @Override
      public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {
        ends.add(end(summary, ""));
      }

      @Override
      public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary) {
        ends.add(end(summary, error.code().id()));
      }
    };
  }

  private static End end(ExchangeSummary summary, String code) {
    return new End(
        summary.outcome(), code, summary.status(), summary.requestBytes(), summary.responseBytes());
  }
}
