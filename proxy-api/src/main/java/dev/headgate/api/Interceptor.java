package dev.headgate.api;

import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;

/**
 * The hooks of a plugin in one proxy. Override only what you need: a hook that is not overridden
 * costs nothing at run time.
 *
 * <p><b>Order.</b> {@code onRequest}, {@code onConnect} and {@code onRequestChunk} run by ascending
 * priority, {@code onResponseHeaders}, {@code onResponseChunk} and the two ends by descending
 * priority, so that a plugin wraps those behind it. Equal priorities keep registration order. A
 * plugin sees the response, and the end, of exactly those exchanges whose beginning it saw: when a
 * plugin answers in {@code onRequest}, those behind it never hear of the exchange, and its own
 * {@code onResponseHeaders} and {@code onResponseChunk} are not called.
 *
 * <p><b>Ends.</b> Each exchange that a plugin saw begin ends with exactly one call of {@link
 * #onResponseComplete} or {@link #onError}, after all other hooks of it.
 *
 * <p><b>Faults.</b> A hook that throws, returns null or lets its deadline pass is a fault. What the
 * failed call did to head, target, status and attributes is rolled back, and what it put into its
 * sink is dropped; then the plugin's {@link FailurePolicy} decides. After a fault in {@code
 * onRequest} or {@code onResponseHeaders} the other hooks of that exchange pass the plugin by;
 * after a fault in a chunk hook that body passes it by; the end is told in any case.
 *
 * <p><b>Threads.</b> For one direction of one exchange calls never overlap, and each happens-before
 * the next, on any thread. Request body and response may run at the same time. Hooks must not block
 * unless the metadata says {@code blocking}.
 */
public interface Interceptor {
  /**
   * The proxy listens, and takes its first exchange after this has returned. In a running proxy:
   * the plugin was enabled, and sees its first exchange after this. May block.
   *
   * @param proxy the proxy
   * @throws Exception to refuse: the start fails and leaves nothing behind
   */
  default void onProxyStart(ProxyInfo proxy) throws Exception {}

  /**
   * The last exchange that this interceptor saw has ended: flush and close what you hold. May block
   * for as long as the metadata's {@code stopDeadline}; then it is interrupted and left behind.
   * Called exactly once for each {@code onProxyStart} that returned, in reverse order of the chain.
   *
   * @param proxy the proxy
   * @throws Exception which is logged
   */
  default void onProxyStop(ProxyInfo proxy) throws Exception {}

  /**
   * A request's head has come. Method, path, query and fields may be changed.
   *
   * @param ctx the exchange
   * @return what to do; never null
   * @throws Exception which is a fault
   */
  default RequestDecision onRequest(ProxyContext ctx) throws Exception {
    return RequestDecision.proceed();
  }

  /**
   * A client asks for a tunnel (CONNECT).
   *
   * @param ctx the exchange, with the address asked for
   * @return what to do; never null
   * @throws Exception which is a fault
   */
  default ConnectDecision onConnect(ConnectContext ctx) throws Exception {
    return ConnectDecision.proceed();
  }

  /**
   * A chunk of the request's body has come. Called also for a body of no bytes, with an empty last
   * chunk; not called for a request without a body.
   *
   * @param ctx the exchange; heads are read-only here
   * @param chunk the chunk, borrowed until this returns
   * @param out where to put what goes on
   * @throws Exception which is a fault
   */
  default void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
    out.pass(chunk);
  }

  /**
   * The head of the final response has come, from the upstream or from a plugin or handler behind.
   * Status and fields may be changed. Interim (1xx) responses are passed on unseen.
   *
   * @param ctx the exchange
   * @return what to do; never null
   * @throws Exception which is a fault
   */
  default ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
    return ResponseDecision.proceed();
  }

  /**
   * A chunk of the response's body has come. Called also for a body of no bytes, with an empty last
   * chunk; not called for a response that can't have a body (HEAD, 204, 304).
   *
   * @param ctx the exchange; heads are read-only here
   * @param chunk the chunk, borrowed until this returns
   * @param out where to put what goes on
   * @throws Exception which is a fault
   */
  default void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
    out.pass(chunk);
  }

  /**
   * The exchange is over: the response went out in full, or the client went away (which is not an
   * error; the summary's outcome tells).
   *
   * @param ctx the exchange; read-only
   * @param summary status, bytes, timings, outcome
   * @throws Exception which is a fault, logged and counted, without effect on the exchange
   */
  default void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {}

  /**
   * The exchange is over because of an error: the client got an error response in place of an
   * answer, or its stream was aborted.
   *
   * @param ctx the exchange; read-only
   * @param error what went wrong
   * @param summary status, bytes, timings, outcome
   * @throws Exception which is a fault, logged and counted, without effect on the exchange
   */
  default void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
      throws Exception {}
}
