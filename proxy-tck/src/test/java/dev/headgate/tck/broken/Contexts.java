package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts something around what hooks are given of their exchange. Stateless. */
final class Contexts {
  private Contexts() {}

  /** Around the context, in some hooks. */
  static UnaryOperator<ProxyPlugin> in(Set<Hook> hooks, UnaryOperator<ProxyContext> around) {
    return Breaches.interceptor(one -> new Within(one, hooks, around));
  }

  /** Around the request's head. */
  static UnaryOperator<ProxyContext> request(UnaryOperator<RequestHead> around) {
    return context ->
        new ForwardingContext(context) {
          private final RequestHead head = around.apply(super.request());

          @Override
          public RequestHead request() {
            return head;
          }
        };
  }

  /** Around the response's head, where there is one. */
  static UnaryOperator<ProxyContext> response(UnaryOperator<ResponseHead> around) {
    return context ->
        new ForwardingContext(context) {
          @Override
          public @Nullable ResponseHead response() {
            ResponseHead head = super.response();
            return head == null ? null : around.apply(head);
          }
        };
  }

  /** Around the fields of a request's head. */
  static UnaryOperator<RequestHead> requestFields(UnaryOperator<MutableHeaders> around) {
    return head ->
        new ForwardingRequestHead(head) {
          @Override
          public MutableHeaders headers() {
            return around.apply(super.headers());
          }
        };
  }

  /** Around the fields of a response's head. */
  static UnaryOperator<ResponseHead> responseFields(UnaryOperator<MutableHeaders> around) {
    return head ->
        new ForwardingResponseHead(head) {
          @Override
          public MutableHeaders headers() {
            return around.apply(super.headers());
          }
        };
  }

  /** All of these wrappings, which pass all on. */
  static UnaryOperator<Interceptor> wrapping() {
    UnaryOperator<ProxyContext> around =
        context ->
            request(requestFields(ForwardingHeaders::new))
                .apply(response(responseFields(ForwardingHeaders::new)).apply(context));
    return interceptor -> new Within(interceptor, Set.of(Hook.values()), around);
  }

  private static final class Within extends ForwardingInterceptor {
    private final Set<Hook> hooks;
    private final UnaryOperator<ProxyContext> around;

    Within(Interceptor interceptor, Set<Hook> hooks, UnaryOperator<ProxyContext> around) {
      super(interceptor);
      this.hooks = hooks;
      this.around = around;
    }

    private ProxyContext given(Hook hook, ProxyContext context) {
      return hooks.contains(hook) ? around.apply(context) : context;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      return super.onRequest(given(Hook.REQUEST, ctx));
    }

    @Override
    public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onRequestChunk(given(Hook.REQUEST_CHUNK, ctx), chunk, out);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      return super.onResponseHeaders(given(Hook.RESPONSE_HEADERS, ctx));
    }

    @Override
    public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out) throws Exception {
      super.onResponseChunk(given(Hook.RESPONSE_CHUNK, ctx), chunk, out);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      super.onResponseComplete(given(Hook.RESPONSE_COMPLETE, ctx), summary);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
        throws Exception {
      super.onError(given(Hook.ERROR, ctx), error, summary);
    }
  }
}
