package dev.headgate.benchmarks.parts;

import dev.headgate.ProxyBuilder;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.benchmarks.peers.FixedPlugin;

/** Plugins that do nothing, in some of their hooks. */
public final class NoOpPlugins {
  /** Which hooks are overridden. */
  public enum Hooks {
    /** None. */
    NONE,
    /** Those of the two heads. */
    HEADS,
    /** That of a response's chunks. */
    CHUNKS
  }

  private NoOpPlugins() {}

  static ProxyBuilder in(ProxyBuilder proxy, int count, Hooks hooks) {
    for (int i = 0; i < count; i++) {
      PluginMetadata metadata = PluginMetadata.builder("no-op-" + i).build();
      proxy.plugin(new FixedPlugin(metadata, interceptor(hooks)));
    }
    return proxy;
  }

  private static Interceptor interceptor(Hooks hooks) {
    return switch (hooks) {
      case NONE -> new Interceptor() {};
      case HEADS -> new Heads();
      case CHUNKS -> new Chunks();
    };
  }

  private static final class Heads implements Interceptor {
    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      return RequestDecision.proceed();
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) {
      return ResponseDecision.proceed();
    }
  }

  private static final class Chunks implements Interceptor {
    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) {
      out.pass(chunk);
    }
  }
}
