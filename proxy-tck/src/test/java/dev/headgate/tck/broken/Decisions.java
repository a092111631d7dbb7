package dev.headgate.tck.broken;

import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import java.util.function.UnaryOperator;

/** Changes what hooks decide on. Stateless. */
final class Decisions {
  private Decisions() {}

  /** Changes each decision on a request; null among them. */
  static UnaryOperator<ProxyPlugin> requests(UnaryOperator<RequestDecision> change) {
    return Breaches.interceptor(
        one ->
            new ForwardingInterceptor(one) {
              @Override
              public RequestDecision onRequest(ProxyContext ctx) throws Exception {
                return change.apply(super.onRequest(ctx));
              }
            });
  }

  /** Changes each decision on a response; null among them. */
  static UnaryOperator<ProxyPlugin> responses(UnaryOperator<ResponseDecision> change) {
    return Breaches.interceptor(
        one ->
            new ForwardingInterceptor(one) {
              @Override
              public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
                return change.apply(super.onResponseHeaders(ctx));
              }
            });
  }

  /** Calls that are made for an interceptor at another time than the core's. */
  @FunctionalInterface
  interface Call {
    void run(Interceptor interceptor) throws Exception;
  }

  /** Makes such a call. */
  static void call(Interceptor interceptor, Call call) {
    try {
      call.run(interceptor);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
