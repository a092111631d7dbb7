package dev.headgate.tck.broken;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.ProxyError;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chains in which plugins and handlers answer, or refuse, in another way than the rules say. */
final class AnswerMutants {
  private static final int WRONG_STATUS = 500;

  private AnswerMutants() {}

  static Stream<Mutant> all() {
    Set<String> answered = ConcurrentHashMap.newKeySet();
    return Stream.of(
        interceptor(
            "asks the upstream though a plugin answered",
            "P-08",
            "expected: <0> but was: <1>",
            Asking::new),
        interceptor(
            "shows a plugin its own answer",
            "P-08",
            "but was: <[onRequest, onResponseHeaders, onResponseComplete]>",
            Vain::new),
        interceptor(
            "hides an answer from the plugins before",
            "P-08",
            "expected: <299b> but was: <null>",
            one -> new Hiding(one, answered)),
        Mutant.chain(
            "asks the plugins behind one that answered", "P-09", "c.onRequest", behind(true)),
        Mutant.chain(
            "tells the end to plugins that saw no beginning",
            "P-09",
            "c.onResponseComplete",
            behind(false)),
        Mutant.chain(
            "asks a publisher for one buffer more",
            "P-10",
            ", so 2 are open",
            published(Hasty::new)),
        Mutant.chain(
                "holds each published buffer until the next",
                "P-10",
                Mutant.IN_VAIN,
                published(Lagging::new))
            .hanging(),
        Mutant.chain(
            "refuses with a status of its own",
            "P-11",
            "expected: <429> but was: <500>",
            Decisions.requests(AnswerMutants::otherStatus)),
        Mutant.chain(
            "takes a refusal for an answer",
            "P-11",
            "in.onResponseComplete tells no error",
            Decisions.requests(AnswerMutants::asAnswer)),
        Mutant.chain(
            "does not heed a refusal on the way out",
            "P-11",
            "expected: <429> but was: <200>",
            Decisions.responses(AnswerMutants::unheeded)),
        interceptor(
            "asks the handler before the last plugin",
            "P-23",
            "expected: <1> but was: <null>",
            Last::new),
        interceptor(
            "hides a handler's response from plugins", "P-23", "but was: <[]>", Upstreams::new));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  /** Answers for a plugin only when the upstream has. */
  private static final class Asking extends ForwardingInterceptor {
    private final Map<String, DirectResponse> answers = new ConcurrentHashMap<>();

    Asking(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      if (!(super.onRequest(ctx) instanceof RequestDecision.Respond respond)) {
        return RequestDecision.proceed();
      }
      answers.put(ctx.requestId(), respond.response());
      return RequestDecision.proceed();
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      DirectResponse answer = answers.remove(ctx.requestId());
      return answer == null ? super.onResponseHeaders(ctx) : ResponseDecision.replace(answer);
    }
  }

  private static final class Vain extends ForwardingInterceptor {
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    Vain(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      if (decision instanceof RequestDecision.Respond) answered.add(ctx.requestId());
      return decision;
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      if (answered.remove(ctx.requestId())) super.onResponseHeaders(ctx);
      super.onResponseComplete(ctx, summary);
    }
  }

  private static final class Hiding extends ForwardingInterceptor {
    private final Set<String> answered;

    Hiding(Interceptor interceptor, Set<String> answered) {
      super(interceptor);
      this.answered = answered;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      if (decision instanceof RequestDecision.Respond) answered.add(ctx.requestId());
      return decision;
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      return answered.contains(ctx.requestId())
          ? ResponseDecision.proceed()
          : super.onResponseHeaders(ctx);
    }
  }

  /** Calls the plugins that an answer kept from the exchange: for its beginning, or for its end. */
  private static UnaryOperator<ProxyPlugin> behind(boolean beginning) {
    List<Interceptor> chain = new CopyOnWriteArrayList<>();
    Map<String, Set<Interceptor>> called = new ConcurrentHashMap<>();
    return Breaches.interceptor(
        one -> {
          chain.add(one);
          return new ForwardingInterceptor(one) {
            @Override
            public RequestDecision onRequest(ProxyContext ctx) throws Exception {
              called.computeIfAbsent(ctx.requestId(), id -> ConcurrentHashMap.newKeySet()).add(one);
              RequestDecision decision = super.onRequest(ctx);
              if (beginning && decision instanceof RequestDecision.Respond) {
                for (Interceptor other : uncalled(ctx)) other.onRequest(ctx);
              }
              return decision;
            }

            @Override
            public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary)
                throws Exception {
              super.onResponseComplete(ctx, summary);
              if (beginning) return;
              for (Interceptor other : uncalled(ctx)) other.onResponseComplete(ctx, summary);
            }

            private List<Interceptor> uncalled(ProxyContext ctx) {
              Set<Interceptor> those = called.getOrDefault(ctx.requestId(), Set.of());
              return chain.stream().filter(other -> !those.contains(other)).toList();
            }
          };
        });
  }

  /** Puts something between the subscriber and each publisher of a response. */
  private static UnaryOperator<ProxyPlugin> published(
      UnaryOperator<Flow.Publisher<ByteBuffer>> around) {
    return Decisions.requests(
        decision ->
            decision instanceof RequestDecision.Respond respond
                    && respond.response().body() instanceof DirectResponse.Stream stream
                ? RequestDecision.respond(
                    new DirectResponse(
                        respond.response().status(),
                        respond.response().headers(),
                        new DirectResponse.Stream(around.apply(stream.publisher()))))
                : decision);
  }

  /** Asks for one buffer more than it is asked for, and keeps it until then. */
  private record Hasty(Flow.Publisher<ByteBuffer> publisher) implements Flow.Publisher<ByteBuffer> {
    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      publisher.subscribe(
          new Passing(subscriber) {
            private final Queue<ByteBuffer> ahead = new ArrayDeque<>();
            private long wanted;
            private boolean asked;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              super.onSubscribe(
                  new Flow.Subscription() {
                    @Override
                    public void request(long n) {
                      // In one call: a publisher that is quick may answer between two.
                      subscription.request(asked ? n : n + 1);
                      asked = true;
                      give(null, n);
                    }

                    @Override
                    public void cancel() {
                      subscription.cancel();
                    }
                  });
            }

            @Override
            public void onNext(ByteBuffer buffer) {
              give(buffer, 0);
            }

            private void give(@Nullable ByteBuffer more, long wants) {
              ByteBuffer next;
              synchronized (ahead) {
                if (more != null) ahead.add(more);
                wanted += wants;
                next = wanted > 0 ? ahead.poll() : null;
                if (next != null) wanted--;
              }
              if (next != null) super.onNext(next);
            }
          });
    }
  }

  private record Lagging(Flow.Publisher<ByteBuffer> publisher)
      implements Flow.Publisher<ByteBuffer> {
    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      publisher.subscribe(
          new Passing(subscriber) {
            private Flow.@Nullable Subscription source;
            private @Nullable ByteBuffer held;

            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              source = subscription;
              super.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
              ByteBuffer before = held;
              held = buffer;
              if (before != null) {
                super.onNext(before);
              } else if (source != null) {
                source.request(1);
              }
            }

            @Override
            public void onComplete() {
              if (held != null) super.onNext(held);
              super.onComplete();
            }
          });
    }
  }

  private static class Passing implements Flow.Subscriber<ByteBuffer> {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;

    Passing(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer buffer) {
      subscriber.onNext(buffer);
    }

    @Override
    public void onError(Throwable reason) {
      subscriber.onError(reason);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }

  private static RequestDecision otherStatus(RequestDecision decision) {
    if (!(decision instanceof RequestDecision.Fail fail)) return decision;
    ProxyError error = fail.error();
    ErrorCode code = ErrorCode.of(error.code().id(), WRONG_STATUS);
    return RequestDecision.fail(new ClientFault(code, error.phase(), error.detail()));
  }

  private static RequestDecision asAnswer(RequestDecision decision) {
    if (!(decision instanceof RequestDecision.Fail fail)) return decision;
    ProxyError error = fail.error();
    return RequestDecision.respond(
        DirectResponse.status(error.status()).json("{\"code\":\"" + error.code().id() + "\"}"));
  }

  private static ResponseDecision unheeded(ResponseDecision decision) {
    return decision instanceof ResponseDecision.Fail ? ResponseDecision.proceed() : decision;
  }

  /** Asks the last plugin about the request when the handler has answered. */
  private static final class Last extends ForwardingInterceptor {
    Last(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      return RequestDecision.proceed();
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      RequestDecision unused = super.onRequest(ctx);
      return super.onResponseHeaders(ctx);
    }
  }

  /** Shows plugins what comes from upstreams. */
  private static final class Upstreams extends ForwardingInterceptor {
    Upstreams(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      return ctx.target() == null ? ResponseDecision.proceed() : super.onResponseHeaders(ctx);
    }
  }
}
