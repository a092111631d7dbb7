package dev.headgate.tck.lab;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that tells the {@link Recorder} of each call, and behaves as a rule says. Made by {@link
 * Lab#plugin}, then set up, then given to a proxy; not thread-safe until then.
 *
 * <p>It overrides all hooks (but for those of chunks after {@link #headsOnly()}), so that all are
 * recorded. What is not set goes on as the default does. Its bodies are {@link BodyEffect#OBSERVES}
 * unless {@link #changesBodies()} or {@link #keepsLength()} says otherwise.
 */
public final class TestPlugin implements ProxyPlugin {
  /** Behaves in {@code onRequest}; null is one of the things a rule may return. */
  @FunctionalInterface
  public interface OnRequest {
    /**
     * Decides.
     *
     * @param ctx the exchange
     * @return the decision
     * @throws Exception as a fault
     */
    @Nullable RequestDecision decide(ProxyContext ctx) throws Exception;
  }

  /** Behaves in {@code onConnect}; null is one of the things a rule may return. */
  @FunctionalInterface
  public interface OnConnect {
    /**
     * Decides.
     *
     * @param ctx the exchange
     * @return the decision
     * @throws Exception as a fault
     */
    @Nullable ConnectDecision decide(ConnectContext ctx) throws Exception;
  }

  /** Behaves in {@code onResponseHeaders}; null is one of the things a rule may return. */
  @FunctionalInterface
  public interface OnResponse {
    /**
     * Decides.
     *
     * @param ctx the exchange
     * @return the decision
     * @throws Exception as a fault
     */
    @Nullable ResponseDecision decide(ProxyContext ctx) throws Exception;
  }

  /** Behaves in a chunk hook. */
  @FunctionalInterface
  public interface OnChunk {
    /**
     * Takes a chunk.
     *
     * @param ctx the exchange
     * @param chunk the chunk
     * @param out the sink
     * @throws Exception as a fault
     */
    void take(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception;
  }

  /** Behaves in an end. */
  @FunctionalInterface
  public interface OnEnd {
    /**
     * Hears of the end.
     *
     * @param ctx the exchange
     * @param summary the summary
     * @throws Exception as a fault
     */
    void told(ProxyContext ctx, ExchangeSummary summary) throws Exception;
  }

  /** Behaves outside exchanges. */
  @FunctionalInterface
  public interface Step<T> {
    /**
     * Does it.
     *
     * @param value what the hook is given
     * @throws Exception to refuse
     */
    void run(T value) throws Exception;
  }

  private final Recorder recorder;
  private final String id;
  private final ProxyPlugin adapted;
  private PluginMetadata.Builder metadata;
  private final Map<String, Step<ProxyPlugin>> steps = new HashMap<>();
  private OnRequest onRequest = ctx -> RequestDecision.proceed();
  private OnConnect onConnect = ctx -> ConnectDecision.proceed();
  private OnResponse onResponse = ctx -> ResponseDecision.proceed();
  private OnChunk onRequestChunk = (ctx, chunk, out) -> out.pass(chunk);
  private OnChunk onResponseChunk = (ctx, chunk, out) -> out.pass(chunk);
  private OnEnd onComplete = (ctx, summary) -> {};
  private OnEnd onError = (ctx, summary) -> {};
  private Step<PluginContext> onCreate = context -> {};
  private Step<ProxyInfo> onStart = proxy -> {};
  private Step<ProxyInfo> onStop = proxy -> {};
  private boolean headsOnly;
  private boolean watched = true;

  TestPlugin(String id, Recorder recorder, UnaryOperator<ProxyPlugin> adapter) {
    this.id = id;
    this.recorder = recorder;
    this.metadata = PluginMetadata.builder(id).observesBodies();
    this.adapted = adapter.apply(new Recorded());
  }

  /**
   * Sets the priority; 500 by default.
   *
   * @param value 0 to 1000
   * @return this
   */
  public TestPlugin priority(int value) {
    metadata.priority(value);
    return this;
  }

  /**
   * Sets the priority of one hook.
   *
   * @param hook the hook
   * @param value 0 to 1000
   * @return this
   */
  public TestPlugin priority(Hook hook, int value) {
    metadata.priority(hook, value);
    return this;
  }

  /**
   * Makes its faults end exchanges; else they are passed by.
   *
   * @return this
   */
  public TestPlugin failClosed() {
    metadata.failurePolicy(FailurePolicy.FAIL_CLOSED);
    return this;
  }

  /**
   * Sets the hook deadline.
   *
   * @param deadline above zero
   * @return this
   */
  public TestPlugin hookDeadline(Duration deadline) {
    metadata.hookDeadline(deadline);
    return this;
  }

  /**
   * Sets the stop deadline.
   *
   * @param deadline above zero
   * @return this
   */
  public TestPlugin stopDeadline(Duration deadline) {
    metadata.stopDeadline(deadline);
    return this;
  }

  /**
   * Adds plugins that must be there, and earlier.
   *
   * @param ids their ids
   * @return this
   */
  public TestPlugin dependsOn(String... ids) {
    metadata.dependsOn(ids);
    return this;
  }

  /**
   * Lets its hooks block.
   *
   * @return this
   */
  public TestPlugin blocking() {
    metadata.blocking();
    return this;
  }

  /**
   * Declares that both chunk hooks may change lengths.
   *
   * @return this
   */
  public TestPlugin changesBodies() {
    metadata.requestBody(BodyEffect.CHANGES_LENGTH).responseBody(BodyEffect.CHANGES_LENGTH);
    return this;
  }

  /**
   * Declares that both chunk hooks change bytes, but no lengths.
   *
   * @return this
   */
  public TestPlugin keepsLength() {
    metadata.requestBody(BodyEffect.KEEPS_LENGTH).responseBody(BodyEffect.KEEPS_LENGTH);
    return this;
  }

  /**
   * Changes any other metadata.
   *
   * @param how given the builder, in which the id is set and bodies are observed
   * @return this
   */
  public TestPlugin metadata(UnaryOperator<PluginMetadata.Builder> how) {
    metadata = how.apply(metadata);
    return this;
  }

  /**
   * Leaves the chunk hooks not overridden.
   *
   * @return this
   */
  public TestPlugin headsOnly() {
    headsOnly = true;
    return this;
  }

  /**
   * Takes its calls out of the watch for overlaps: for a blocking plugin whose call is left behind
   * on purpose.
   *
   * @return this
   */
  public TestPlugin mayOverlap() {
    watched = false;
    return this;
  }

  /**
   * Sets the behaviour of {@code onRequest}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onRequest(OnRequest behaviour) {
    onRequest = behaviour;
    return this;
  }

  /**
   * Sets what {@code onConnect} does.
   *
   * @param behaviour what it does
   * @return this
   */
  public TestPlugin onConnect(OnConnect behaviour) {
    onConnect = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseHeaders}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseHeaders(OnResponse behaviour) {
    onResponse = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onRequestChunk}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onRequestChunk(OnChunk behaviour) {
    onRequestChunk = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseChunk}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseChunk(OnChunk behaviour) {
    onResponseChunk = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseComplete}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseComplete(OnEnd behaviour) {
    onComplete = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onError}; the error itself is in the {@link HookCall}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onError(OnEnd behaviour) {
    onError = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code createInterceptor}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onCreate(Step<PluginContext> behaviour) {
    onCreate = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onProxyStart}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onProxyStart(Step<ProxyInfo> behaviour) {
    onStart = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onProxyStop}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onProxyStop(Step<ProxyInfo> behaviour) {
    onStop = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of a step of the plugin's own life.
   *
   * @param step {@code onInstall}, {@code onEnable}, {@code onDisable} or {@code onUninstall}
   * @param behaviour called with this plugin after the call was recorded
   * @return this
   */
  public TestPlugin on(String step, Step<ProxyPlugin> behaviour) {
    steps.put(step, behaviour);
    return this;
  }

  /**
   * Returns its id.
   *
   * @return the id
   */
  public String id() {
    return id;
  }

  @Override
  public PluginMetadata metadata() {
    return adapted.metadata();
  }

  @Override
  public Interceptor createInterceptor(PluginContext context) throws Exception {
    return adapted.createInterceptor(context);
  }

  @Override
  public void onInstall() throws Exception {
    adapted.onInstall();
  }

  @Override
  public void onEnable() throws Exception {
    adapted.onEnable();
  }

  @Override
  public void onDisable() throws Exception {
    adapted.onDisable();
  }

  @Override
  public void onUninstall() throws Exception {
    adapted.onUninstall();
  }

  private static byte[] copy(BodyChunk chunk) {
    byte[] bytes = new byte[chunk.size()];
    chunk.bytes().get(bytes);
    return bytes;
  }

  /** Records, then behaves. */
  private final class Recorded implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return metadata.build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) throws Exception {
      recorder.note(id, "createInterceptor");
      onCreate.run(context);
      return headsOnly ? new HeadHooks() : new AllHooks();
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
      recorder.note(id, name);
      Step<ProxyPlugin> behaviour = steps.get(name);
      if (behaviour != null) behaviour.run(TestPlugin.this);
    }
  }

  /** All hooks but those of chunks. */
  private class HeadHooks implements Interceptor {
    @Override
    public void onProxyStart(ProxyInfo proxy) throws Exception {
      recorder.note(id, "onProxyStart");
      onStart.run(proxy);
    }

    @Override
    public void onProxyStop(ProxyInfo proxy) throws Exception {
      recorder.note(id, "onProxyStop");
      onStop.run(proxy);
    }

    // A rule may return null, which is a fault.
    @SuppressWarnings("NullAway")
    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      HookCall call = enter("onRequest", ctx);
      try {
        return onRequest.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @SuppressWarnings("NullAway")
    @Override
    public ConnectDecision onConnect(ConnectContext ctx) throws Exception {
      HookCall call = enter("onConnect", ctx);
      try {
        return onConnect.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @SuppressWarnings("NullAway")
    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      HookCall call = enter("onResponseHeaders", ctx);
      try {
        return onResponse.decide(ctx);
      } finally {
        recorder.leave(call);
      }
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      end("onResponseComplete", ctx, summary, null, onComplete);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
        throws Exception {
      end("onError", ctx, summary, error, onError);
    }

    private HookCall enter(String hook, ProxyContext ctx) {
      return recorder.enter(id, hook, ctx.requestId(), null, false, null, null, watched);
    }

    private void end(
        String hook,
        ProxyContext ctx,
        ExchangeSummary summary,
        @Nullable ProxyError error,
        OnEnd behaviour)
        throws Exception {
      HookCall call =
          recorder.enter(id, hook, ctx.requestId(), null, false, summary, error, watched);
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
      take("onRequestChunk", ctx, chunk, out, onRequestChunk);
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      take("onResponseChunk", ctx, chunk, out, onResponseChunk);
    }

    private void take(
        String hook, ProxyContext ctx, BodyChunk chunk, ChunkSink out, OnChunk behaviour)
        throws Exception {
      HookCall call =
          recorder.enter(id, hook, ctx.requestId(), copy(chunk), chunk.last(), null, null, watched);
      try {
        behaviour.take(ctx, chunk, out);
      } finally {
        recorder.leave(call);
      }
    }
  }
}
