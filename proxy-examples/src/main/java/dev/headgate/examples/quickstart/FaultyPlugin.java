package dev.headgate.examples.quickstart;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import java.util.concurrent.atomic.AtomicLong;

/** Fails on purpose, to show what a proxy does about it. */
final class FaultyPlugin implements ProxyPlugin {
  /** The plugin's id. */
  static final String ID = "faulty";

  /** After how many bytes it fails. */
  private static final int FAILING_BYTE = 600;

  private final Hook hook;
  private final FailurePolicy policy;

  /** What it throws; without its stack, which would say nothing here. */
  private static final class BrokenOnPurpose extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenOnPurpose() {
      super("broken on purpose", null, false, false);
    }
  }

  /**
   * Makes one.
   *
   * @param hook {@code RESPONSE_HEADERS}, or {@code RESPONSE_CHUNK} to fail amid the stream
   * @param policy what the proxy is to do about it
   */
  FaultyPlugin(Hook hook, FailurePolicy policy) {
    this.hook = hook;
    this.policy = policy;
  }

  @Override
  public PluginMetadata metadata() {
    return PluginMetadata.builder(ID).priority(300).failurePolicy(policy).observesBodies().build();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) {
    AtomicLong seen = new AtomicLong();
    return new Interceptor() {
      @Override
      public ResponseDecision onResponseHeaders(ProxyContext ctx) throws BrokenOnPurpose {
        if (hook == Hook.RESPONSE_HEADERS) throw new BrokenOnPurpose();
        return ResponseDecision.proceed();
      }

      @Override
      public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
          throws BrokenOnPurpose {
        if (hook == Hook.RESPONSE_CHUNK && seen.addAndGet(chunk.size()) >= FAILING_BYTE) {
          throw new BrokenOnPurpose();
        }
      }
    };
  }
}
