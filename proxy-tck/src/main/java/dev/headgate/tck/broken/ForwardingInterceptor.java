package dev.headgate.tck.broken;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;

/** Passes all calls on to the interceptor within. Thread-safe if that is. */
public class ForwardingInterceptor implements Interceptor {
  private final Interceptor interceptor;

  /**
   * Wraps it.
   *
   * @param interceptor the interceptor within
   */
  public ForwardingInterceptor(Interceptor interceptor) {
    this.interceptor = interceptor;
  }

  @Override
  public void onProxyStart(ProxyInfo proxy) throws Exception {
    interceptor.onProxyStart(proxy);
  }

  @Override
  public void onProxyStop(ProxyInfo proxy) throws Exception {
    interceptor.onProxyStop(proxy);
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) throws Exception {
    return interceptor.onRequest(ctx);
  }

  @Override
  public ConnectDecision onConnect(ConnectContext ctx) throws Exception {
    return interceptor.onConnect(ctx);
  }

  @Override
  public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
    interceptor.onRequestChunk(ctx, chunk, out);
  }

  @Override
  public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
    return interceptor.onResponseHeaders(ctx);
  }

  @Override
  public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
    interceptor.onResponseChunk(ctx, chunk, out);
  }

  @Override
  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
    interceptor.onResponseComplete(ctx, summary);
  }

  @Override
  public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
      throws Exception {
    interceptor.onError(ctx, error, summary);
  }
}
