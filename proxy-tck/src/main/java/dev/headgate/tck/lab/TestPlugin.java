package dev.headgate.tck.lab;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
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
import java.time.Duration;
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
public final class TestPlugin extends AdaptedPlugin {
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

  private final PluginScript script;

  TestPlugin(String id, Recorder recorder, UnaryOperator<ProxyPlugin> adapter) {
    this(new PluginScript(id), recorder, adapter);
  }

  private TestPlugin(PluginScript script, Recorder recorder, UnaryOperator<ProxyPlugin> adapter) {
    super(adapter.apply(new RecordedPlugin(script, recorder)));
    this.script = script;
  }

  /**
   * Sets the priority; 500 by default.
   *
   * @param value 0 to 1000
   * @return this
   */
  public TestPlugin priority(int value) {
    script.metadata.priority(value);
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
    script.metadata.priority(hook, value);
    return this;
  }

  /**
   * Makes its faults end exchanges; else they are passed by.
   *
   * @return this
   */
  public TestPlugin failClosed() {
    script.metadata.failurePolicy(FailurePolicy.FAIL_CLOSED);
    return this;
  }

  /**
   * Sets the hook deadline.
   *
   * @param deadline above zero
   * @return this
   */
  public TestPlugin hookDeadline(Duration deadline) {
    script.metadata.hookDeadline(deadline);
    return this;
  }

  /**
   * Sets the stop deadline.
   *
   * @param deadline above zero
   * @return this
   */
  public TestPlugin stopDeadline(Duration deadline) {
    script.metadata.stopDeadline(deadline);
    return this;
  }

  /**
   * Adds plugins that must be there, and earlier.
   *
   * @param ids their ids
   * @return this
   */
  public TestPlugin dependsOn(String... ids) {
    script.metadata.dependsOn(ids);
    return this;
  }

  /**
   * Lets its hooks block.
   *
   * @return this
   */
  public TestPlugin blocking() {
    script.metadata.blocking();
    return this;
  }

  /**
   * Declares that both chunk hooks may change lengths.
   *
   * @return this
   */
  public TestPlugin changesBodies() {
    script.metadata.requestBody(BodyEffect.CHANGES_LENGTH).responseBody(BodyEffect.CHANGES_LENGTH);
    return this;
  }

  /**
   * Declares that both chunk hooks change bytes, but no lengths.
   *
   * @return this
   */
  public TestPlugin keepsLength() {
    script.metadata.requestBody(BodyEffect.KEEPS_LENGTH).responseBody(BodyEffect.KEEPS_LENGTH);
    return this;
  }

  /**
   * Changes any other metadata.
   *
   * @param how given the builder, in which the id is set and bodies are observed
   * @return this
   */
  public TestPlugin metadata(UnaryOperator<PluginMetadata.Builder> how) {
    script.metadata = how.apply(script.metadata);
    return this;
  }

  /**
   * Leaves the chunk hooks not overridden.
   *
   * @return this
   */
  public TestPlugin headsOnly() {
    script.headsOnly = true;
    return this;
  }

  /**
   * Takes its calls out of the watch for overlaps: for a blocking plugin whose call is left behind
   * on purpose.
   *
   * @return this
   */
  public TestPlugin mayOverlap() {
    script.watched = false;
    return this;
  }

  /**
   * Sets the behaviour of {@code onRequest}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onRequest(OnRequest behaviour) {
    script.onRequest = behaviour;
    return this;
  }

  /**
   * Sets what {@code onConnect} does.
   *
   * @param behaviour what it does
   * @return this
   */
  public TestPlugin onConnect(OnConnect behaviour) {
    script.onConnect = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseHeaders}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseHeaders(OnResponse behaviour) {
    script.onResponse = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onRequestChunk}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onRequestChunk(OnChunk behaviour) {
    script.onRequestChunk = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseChunk}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseChunk(OnChunk behaviour) {
    script.onResponseChunk = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onResponseComplete}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onResponseComplete(OnEnd behaviour) {
    script.onComplete = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onError}; the error itself is in the {@link HookCall}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onError(OnEnd behaviour) {
    script.onError = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code createInterceptor}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onCreate(Step<PluginContext> behaviour) {
    script.onCreate = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onProxyStart}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onProxyStart(Step<ProxyInfo> behaviour) {
    script.onStart = behaviour;
    return this;
  }

  /**
   * Sets the behaviour of {@code onProxyStop}.
   *
   * @param behaviour called after the call was recorded
   * @return this
   */
  public TestPlugin onProxyStop(Step<ProxyInfo> behaviour) {
    script.onStop = behaviour;
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
    script.steps.put(step, () -> behaviour.run(this));
    return this;
  }

  /**
   * Returns its id.
   *
   * @return the id
   */
  public String id() {
    return script.id;
  }
}
