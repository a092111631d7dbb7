package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chains that do not wait for decisions, wait too long, or take them wrongly. */
final class LaterMutants {
  private LaterMutants() {}

  static Stream<Mutant> all() {
    Map<String, Consumer<? super ProxyContext>> in = new ConcurrentHashMap<>();
    Map<String, Consumer<? super ProxyContext>> out = new ConcurrentHashMap<>();
    return Stream.of(
        Mutant.chain(
            "does not wait for a decision on a request",
            "P-12",
            "expected: <1> but was: <2>",
            Decisions.requests(LaterMutants::impatient)),
        Mutant.chain(
            "does not wait for a decision on a response",
            "P-12",
            "but was: <[a.onResponseChunk",
            Decisions.responses(LaterMutants::impatient)),
        Mutant.chain(
                "hears of no decision from another thread",
                "P-12",
                Mutant.IN_VAIN,
                Decisions.requests(LaterMutants::deaf))
            .hanging(),
        Mutant.chain(
            "takes any decision that is there already for proceed",
            "P-13",
            "expected: <answer> but was: <ok>",
            Decisions.requests(LaterMutants::superficial)),
        Mutant.chain(
            "goes a long way for a decision that is there",
            "P-13",
            "the way to the next plugin",
            LaterMutants::hopping),
        interceptor(
            "edits a request after the next plugin was called",
            "P-14",
            "expected: <in> but was: <null>",
            one -> new LateEdits(one, in)),
        interceptor(
            "edits a response after the next plugin was called",
            "P-14",
            "expected: <out> but was: <null>",
            one -> new LateResponseEdits(one, out)),
        interceptor(
            "tells the end again when a decision comes late",
            "P-15",
            "expected: <1> but was: <2>",
            EndingAgain::new),
        Mutant.chain(
            "asks the next plugin for nobody", "P-15", "expected: <1> but was: <2>", forNobody()),
        Mutant.chain(
                "takes a null that came later for proceed",
                "P-33",
                Mutant.IN_VAIN,
                Decisions.requests(LaterMutants::tolerant))
            .hanging(),
        Mutant.chain(
            "takes a null that came later for proceed, out",
            "P-33",
            "expected: <500> but was: <599>",
            Decisions.responses(LaterMutants::tolerant)),
        Mutant.chain(
                "takes a stage that failed for proceed",
                "P-33",
                Mutant.IN_VAIN,
                Decisions.requests(LaterMutants::forgiving))
            .hanging(),
        Mutant.chain(
            "takes a stage that failed for proceed, out",
            "P-33",
            "expected: <500> but was: <599>",
            Decisions.responses(LaterMutants::forgiving)),
        Mutant.chain(
                "knows no hook deadline",
                "P-34",
                Mutant.IN_VAIN,
                Breaches.metadata(LaterMutants::endless))
            .hanging(),
        interceptor(
            "asks again when a stage is late", "P-34", "began after the end was told", Late::new));
  }

  private static Mutant interceptor(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static RequestDecision impatient(RequestDecision decision) {
    return decision instanceof RequestDecision.Later later && !isDone(later.stage())
        ? RequestDecision.proceed()
        : decision;
  }

  private static ResponseDecision impatient(ResponseDecision decision) {
    return decision instanceof ResponseDecision.Later later && !isDone(later.stage())
        ? ResponseDecision.proceed()
        : decision;
  }

  private static RequestDecision deaf(RequestDecision decision) {
    if (!(decision instanceof RequestDecision.Later later)) return decision;
    Thread own = Thread.currentThread();
    CompletableFuture<RequestDecision> heard = new CompletableFuture<>();
    later
        .stage()
        .thenAccept(
            one -> {
              if (Thread.currentThread().equals(own)) heard.complete(one);
            });
    return RequestDecision.later(heard);
  }

  private static RequestDecision superficial(RequestDecision decision) {
    return decision instanceof RequestDecision.Later later && isDone(later.stage())
        ? RequestDecision.proceed()
        : decision;
  }

  /** Brings each decision by way of the scheduler. */
  private static ProxyPlugin hopping(ProxyPlugin plugin) {
    return new ForwardingPlugin(plugin) {
      @Override
      public Interceptor createInterceptor(PluginContext context) throws Exception {
        PluginScheduler scheduler = context.scheduler();
        return new ForwardingInterceptor(super.createInterceptor(context)) {
          @Override
          public RequestDecision onRequest(ProxyContext ctx) throws Exception {
            RequestDecision decision = super.onRequest(ctx);
            if (!(decision instanceof RequestDecision.Later)) return decision;
            CompletableFuture<RequestDecision> hop = new CompletableFuture<>();
            scheduler.schedule(Duration.ZERO, () -> hop.complete(decision));
            return RequestDecision.later(hop);
          }
        };
      }
    };
  }

  private static final class LateEdits extends ForwardingInterceptor {
    private final Map<String, Consumer<? super ProxyContext>> pending;

    LateEdits(Interceptor interceptor, Map<String, Consumer<? super ProxyContext>> pending) {
      super(interceptor);
      this.pending = pending;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      Consumer<? super ProxyContext> edits = pending.remove(ctx.requestId());
      if (edits != null) edits.accept(ctx);
      return without(ctx.requestId(), decision);
    }

    private RequestDecision without(String exchange, RequestDecision decision) {
      if (decision instanceof RequestDecision.Later later) {
        return RequestDecision.later(later.stage().thenApply(one -> without(exchange, one)));
      }
      if (!(decision instanceof RequestDecision.Edit edit)) return decision;
      pending.put(exchange, edit.edits());
      return RequestDecision.proceed();
    }
  }

  private static final class LateResponseEdits extends ForwardingInterceptor {
    private final Map<String, Consumer<? super ProxyContext>> pending;

    LateResponseEdits(
        Interceptor interceptor, Map<String, Consumer<? super ProxyContext>> pending) {
      super(interceptor);
      this.pending = pending;
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      ResponseDecision decision = super.onResponseHeaders(ctx);
      Consumer<? super ProxyContext> edits = pending.remove(ctx.requestId());
      if (edits != null) edits.accept(ctx);
      return without(ctx.requestId(), decision);
    }

    private ResponseDecision without(String exchange, ResponseDecision decision) {
      if (decision instanceof ResponseDecision.Later later) {
        return ResponseDecision.later(later.stage().thenApply(one -> without(exchange, one)));
      }
      if (!(decision instanceof ResponseDecision.Edit edit)) return decision;
      pending.put(exchange, edit.edits());
      return ResponseDecision.proceed();
    }
  }

  private static final class EndingAgain extends ForwardingInterceptor {
    private final Interceptor interceptor;
    private final Map<String, ExchangeSummary> ended = new ConcurrentHashMap<>();

    EndingAgain(Interceptor interceptor) {
      super(interceptor);
      this.interceptor = interceptor;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      if (decision instanceof RequestDecision.Later later) {
        later
            .stage()
            .thenAccept(
                one -> {
                  ExchangeSummary summary = ended.get(ctx.requestId());
                  if (summary == null) return;
                  Decisions.call(interceptor, it -> it.onResponseComplete(ctx, summary));
                });
      }
      return decision;
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      ended.put(ctx.requestId(), summary);
      super.onResponseComplete(ctx, summary);
    }
  }

  /** Goes on with the chain when a decision is there, without a look at the client. */
  private static UnaryOperator<ProxyPlugin> forNobody() {
    List<Interceptor> chain = new CopyOnWriteArrayList<>();
    return Breaches.interceptor(
        one -> {
          chain.add(one);
          return new ForwardingInterceptor(one) {
            private final Map<String, Boolean> ended = new ConcurrentHashMap<>();

            @Override
            public RequestDecision onRequest(ProxyContext ctx) throws Exception {
              RequestDecision decision = super.onRequest(ctx);
              if (decision instanceof RequestDecision.Later later) {
                later.stage().thenAccept(done -> goOn(ctx));
              }
              return decision;
            }

            private void goOn(ProxyContext ctx) {
              if (!ended.containsKey(ctx.requestId())) return;
              for (Interceptor other : chain) {
                if (other != one) Decisions.call(other, it -> it.onRequest(ctx));
              }
            }

            @Override
            public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary)
                throws Exception {
              ended.put(ctx.requestId(), true);
              super.onResponseComplete(ctx, summary);
            }
          };
        });
  }

  private static RequestDecision tolerant(RequestDecision decision) {
    return decision instanceof RequestDecision.Later later
        ? RequestDecision.later(
            later.stage().thenApply(one -> orElse(one, RequestDecision.proceed())))
        : decision;
  }

  private static ResponseDecision tolerant(ResponseDecision decision) {
    return decision instanceof ResponseDecision.Later later
        ? ResponseDecision.later(
            later.stage().thenApply(one -> orElse(one, ResponseDecision.proceed())))
        : decision;
  }

  private static <T> T orElse(@Nullable T one, T other) {
    return Objects.requireNonNullElse(one, other);
  }

  static RequestDecision forgiving(RequestDecision decision) {
    return decision instanceof RequestDecision.Later later
        ? RequestDecision.later(
            later.stage().handle((one, reason) -> reason == null ? one : RequestDecision.proceed()))
        : decision;
  }

  static ResponseDecision forgiving(ResponseDecision decision) {
    return decision instanceof ResponseDecision.Later later
        ? ResponseDecision.later(
            later
                .stage()
                .handle((one, reason) -> reason == null ? one : ResponseDecision.proceed()))
        : decision;
  }

  private static PluginMetadata endless(PluginMetadata metadata) {
    return PluginMetadata.builder(metadata.id())
        .failurePolicy(metadata.failurePolicy())
        .requestBody(metadata.requestBody())
        .responseBody(metadata.responseBody())
        .hookDeadline(Duration.ofHours(1))
        .build();
  }

  private static final class Late extends ForwardingInterceptor {
    private final Interceptor interceptor;

    Late(Interceptor interceptor) {
      super(interceptor);
      this.interceptor = interceptor;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision decision = super.onRequest(ctx);
      if (decision instanceof RequestDecision.Later later) {
        later.stage().thenAccept(one -> Decisions.call(interceptor, it -> it.onRequest(ctx)));
      }
      return decision;
    }
  }
}
