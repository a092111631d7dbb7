package dev.headgate.tck.lab;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import dev.headgate.tck.lab.TestPlugin.OnChunk;
import dev.headgate.tck.lab.TestPlugin.OnEnd;
import org.jspecify.annotations.Nullable;

/**
 * What the engine sees of a {@link TestPlugin}: tells the {@link Recorder} of each call, then does
 * what the script says.
 */
final class RecordedPlugin implements ProxyPlugin {
  private final PluginScript script;
  private final Recorder recorder;

  RecordedPlugin(PluginScript script, Recorder recorder) {
    this.script = script;
    this.recorder = recorder;
  }

  @Override
  public PluginMetadata metadata() {
    return script.metadata.build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) throws Exception {
    recorder.note(script.id, "createInterceptor");
    script.onCreate.run(context);
    return script.headsOnly ? new HeadHooks() : new AllHooks();
  }

  @Override
  public void onInstall() throws Exception {
    step("onInstall");
  }

  @Override
  public void onEnable() throws Exception {
    step("onEnable");
  }

  @Override
  public void onDisable() throws Exception {
    step("onDisable");
  }

  @Override
  public void onUninstall() throws Exception {
    step("onUninstall");
  }

  private void step(String name) throws Exception {
    recorder.note(script.id, name);
    Lab.Step behaviour = script.steps.get(name);
    if (behaviour != null) behaviour.run();
  }

  private static byte[] copy(BodyChunk chunk) {
    byte[] bytes = new byte[chunk.size()];
    chunk.bytes().get(bytes);
    return bytes;
  }

  /** All hooks but those of chunks. */
  private class HeadHooks implements Interceptor {
    @Override
    public void onProxyStart(ProxyInfo proxy) throws Exception {
      recorder.note(script.id, "onProxyStart");
      script.onStart.run(proxy);
    }

    @Override
    public void onProxyStop(ProxyInfo proxy) throws Exception {
      recorder.note(script.id, "onProxyStop");
      script.onStop.run(proxy);
    }

    // A rule may return null, which is a fault.
    @SuppressWarnings("NullAway")
    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      HookCall call = enter("onRequest", ctx);
      try {
        return script.onRequest.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @SuppressWarnings("NullAway")
    @Override
    public ConnectDecision onConnect(ConnectContext ctx) throws Exception {
      HookCall call = enter("onConnect", ctx);
      try {
        return script.onConnect.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @SuppressWarnings("NullAway")
    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      HookCall call = enter("onResponseHeaders", ctx);
      try {
        return script.onResponse.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      end("onResponseComplete", ctx, summary, null, script.onComplete);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
        throws Exception {
      end("onError", ctx, summary, error, script.onError);
    }

    private HookCall enter(String hook, ProxyContext ctx) {
      return recorder.enter(
          script.id, hook, ctx.requestId(), null, false, null, null, script.watched);
    }

    private void end(
        String hook,
        ProxyContext ctx,
        ExchangeSummary summary,
        @Nullable ProxyError error,
        OnEnd behaviour)
        throws Exception {
      HookCall call =
          recorder.enter(
              script.id, hook, ctx.requestId(), null, false, summary, error, script.watched);
      try {
        behaviour.told(ctx, summary);
      } finally {
        recorder.leave(call);
      }
    }
  }

  /** All hooks. */
  private final class AllHooks extends HeadHooks {
    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      take("onRequestChunk", ctx, chunk, out, script.onRequestChunk);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      take("onResponseChunk", ctx, chunk, out, script.onResponseChunk);
    }

    private void take(
        String hook, ProxyContext ctx, BodyChunk chunk, ChunkSink out, OnChunk behaviour)
        throws Exception {
      HookCall call =
          recorder.enter(
              script.id,
              hook,
              ctx.requestId(),
              copy(chunk),
              chunk.last(),
              null,
              null,
              script.watched);
      try {
        behaviour.take(ctx, chunk, out);
      } finally {
        recorder.leave(call);
      }
    }
  }
}
