package dev.headgate.wasm;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.wasm.runtime.WasmTrapException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A guest's hooks in one proxy. The subclasses add the chunk hooks, as the engine decides by the
 * methods that are overridden whether a body goes through a plugin.
 */
class WasmInterceptor implements Interceptor {
  private final GuestPools pools;
  private final Set<Hook> hooks;
  private final PluginContext context;
  private final @Nullable Duration watchInterval;

  WasmInterceptor(GuestPools pools, Set<Hook> hooks, PluginContext context) {
    this.pools = pools;
    this.hooks = hooks;
    this.context = context;
    this.watchInterval = pools.plugin().watchInterval();
  }

  /** Makes one that overrides the chunk hooks in use. */
  static WasmInterceptor of(GuestPools pools, Set<Hook> hooks, PluginContext context) {
    boolean request = hooks.contains(Hook.REQUEST_CHUNK);
    boolean response = hooks.contains(Hook.RESPONSE_CHUNK);
    if (request && response) return new BothBodies(pools, hooks, context);
    if (request) return new RequestBodies(pools, hooks, context);
    if (response) return new ResponseBodies(pools, hooks, context);
    return new WasmInterceptor(pools, hooks, context);
  }

  @Override
  public void onProxyStart(ProxyInfo proxy) {
    if (watchInterval != null) {
      context.scheduler().scheduleRepeatedly(watchInterval, () -> pools.plugin().reloadIfChanged());
    }
  }

  @Override
  public void onProxyStop(ProxyInfo proxy) {
    pools.close();
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) throws WasmTrapException {
    if (!hooks.contains(Hook.REQUEST)) return RequestDecision.proceed();
    HookCall call = HookCall.ofHead(Hook.REQUEST, ctx);
    byte[] output = pools.call(call, () -> HeadJson.request(ctx));
    GuestAnswer answer =
        GuestAnswer.read(output, call, "method", "path", "query", "headers", "response", "error");
    ProxyError error = answer.error(Phase.REQUEST_HOOKS);
    if (error != null) return RequestDecision.fail(error);
    call.apply();
    DirectResponse response = answer.response();
    if (response != null) return RequestDecision.respond(response);
    answer.editRequest(ctx);
    return RequestDecision.proceed();
  }

  @Override
  public ConnectDecision onConnect(ConnectContext ctx) throws WasmTrapException {
    if (!hooks.contains(Hook.CONNECT)) return ConnectDecision.proceed();
    HookCall call = HookCall.ofHead(Hook.CONNECT, ctx);
    byte[] output = pools.call(call, () -> HeadJson.connect(ctx));
    GuestAnswer answer = GuestAnswer.read(output, call, "tunnel", "inspect", "error");
    ProxyError error = answer.error(Phase.REQUEST_HOOKS);
    if (error != null) return ConnectDecision.refuse(error);
    call.apply();
    HostPort tunnel = answer.address("tunnel");
    if (tunnel != null) return ConnectDecision.tunnel(tunnel);
    HostPort inspect = answer.address("inspect");
    return inspect == null ? ConnectDecision.proceed() : ConnectDecision.inspect(inspect);
  }

  @Override
  public ResponseDecision onResponseHeaders(ProxyContext ctx) throws WasmTrapException {
    if (!hooks.contains(Hook.RESPONSE_HEADERS)) return ResponseDecision.proceed();
    HookCall call = HookCall.ofHead(Hook.RESPONSE_HEADERS, ctx);
    byte[] output = pools.call(call, () -> HeadJson.response(ctx));
    GuestAnswer answer = GuestAnswer.read(output, call, "status", "headers", "response", "error");
    ProxyError error = answer.error(Phase.RESPONSE_HOOKS);
    if (error != null) return ResponseDecision.fail(error);
    call.apply();
    DirectResponse response = answer.response();
    if (response != null) return ResponseDecision.replace(response);
    answer.editResponse(ctx);
    return ResponseDecision.proceed();
  }

  @Override
  public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary)
      throws WasmTrapException {
    if (!hooks.contains(Hook.RESPONSE_COMPLETE)) return;
    HookCall call = HookCall.ofEnd(Hook.RESPONSE_COMPLETE, ctx, null, summary);
    pools.call(call, () -> HeadJson.end(ctx, summary, null));
  }

  @Override
  public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
      throws WasmTrapException {
    if (!hooks.contains(Hook.ERROR)) return;
    HookCall call = HookCall.ofEnd(Hook.ERROR, ctx, error, summary);
    pools.call(call, () -> HeadJson.end(ctx, summary, error));
  }

  final void chunk(Hook hook, ProxyContext ctx, BodyChunk chunk, ChunkSink out)
      throws WasmTrapException {
    HookCall call = HookCall.ofChunk(hook, ctx, chunk.last());
    byte[] output = pools.call(call, () -> copy(chunk));
    HookCall.Abort abort = call.abort();
    if (abort != null) {
      // Part of the body is gone already: only the failure policy can say what comes of the rest.
      throw new WasmTrapException(
          WasmTrapException.Reason.GUEST_ERROR, "aborted: " + abort.reason(), null);
    }
    call.apply();
    if (output.length > 0) {
      out.emit(ByteBuffer.wrap(output));
    } else if (!call.dropped()) {
      out.pass(chunk);
    }
  }

  private static byte[] copy(BodyChunk chunk) {
    byte[] bytes = new byte[chunk.size()];
    chunk.bytes().get(bytes);
    return bytes;
  }

  /** With the chunks of requests. */
  private static final class RequestBodies extends WasmInterceptor {
    RequestBodies(GuestPools pools, Set<Hook> hooks, PluginContext context) {
      super(pools, hooks, context);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
        throws WasmTrapException {
      chunk(Hook.REQUEST_CHUNK, ctx, chunk, out);
    }
  }

  /** With the chunks of responses. */
  private static final class ResponseBodies extends WasmInterceptor {
    ResponseBodies(GuestPools pools, Set<Hook> hooks, PluginContext context) {
      super(pools, hooks, context);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
        throws WasmTrapException {
      chunk(Hook.RESPONSE_CHUNK, ctx, chunk, out);
    }
  }

  /** With the chunks of both. */
  private static final class BothBodies extends WasmInterceptor {
    BothBodies(GuestPools pools, Set<Hook> hooks, PluginContext context) {
      super(pools, hooks, context);
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
        throws WasmTrapException {
      chunk(Hook.REQUEST_CHUNK, ctx, chunk, out);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
        throws WasmTrapException {
      chunk(Hook.RESPONSE_CHUNK, ctx, chunk, out);
    }
  }
}
