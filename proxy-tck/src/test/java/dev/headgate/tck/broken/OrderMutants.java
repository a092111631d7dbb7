package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.Session;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Chains whose order is another than the rules', or than the operator's. */
final class OrderMutants {
  private static final int MAX_PRIORITY = 1000;
  private static final int USUAL_PRIORITY = 500;

  private OrderMutants() {}

  static Stream<Mutant> all() {
    Declared declared = new Declared();
    Map<String, Queue<Interceptor>> heads = new ConcurrentHashMap<>();
    return Stream.of(
        metadata(
            "does not turn round for a response's chunks",
            "P-03",
            "but was: <xabab>",
            metadata -> turned(metadata, Hook.RESPONSE_CHUNK)),
        metadata(
            "calls the chunk hooks of requests in reverse",
            "P-03",
            "but was: <xbaba>",
            metadata -> turned(metadata, Hook.REQUEST_CHUNK)),
        metadata(
            "orders equal priorities by name",
            "P-04",
            "but was: <okcba>",
            OrderMutants::alphabetical),
        Mutant.chain(
            "keeps registration order on the way out", "P-04", "but was: <okbac>", asRegistered()),
        Mutant.chain(
            "heeds declared priorities only", "P-05", "but was: <[b, a]>", declared::around),
        Mutant.chain(
            "orders the ends as the response's heads",
            "P-05",
            "expected: <[d, c]> but was: <[c, d]>",
            Breaches.interceptor(one -> new SameEnds(one, heads))));
  }

  private static Mutant metadata(
      String what, String rule, String telling, UnaryOperator<PluginMetadata> change) {
    return Mutant.chain(what, rule, telling, Breaches.metadata(change));
  }

  private static PluginMetadata turned(PluginMetadata metadata, Hook hook) {
    return with(
        metadata, metadata.priority(), Map.of(hook, MAX_PRIORITY - metadata.priority(hook)));
  }

  private static PluginMetadata alphabetical(PluginMetadata metadata) {
    return with(metadata, USUAL_PRIORITY + metadata.id().charAt(0) - 'a', Map.of());
  }

  /** Numbers plugins as they are first asked for their metadata. */
  private static UnaryOperator<ProxyPlugin> asRegistered() {
    Map<String, Integer> places = new ConcurrentHashMap<>();
    return Breaches.metadata(
        metadata -> {
          Integer known = places.putIfAbsent(metadata.id(), places.size());
          int priority = USUAL_PRIORITY - (known == null ? places.size() - 1 : known);
          return with(
              metadata,
              metadata.priority(),
              Map.of(
                  Hook.RESPONSE_HEADERS,
                  priority,
                  Hook.RESPONSE_CHUNK,
                  priority,
                  Hook.RESPONSE_COMPLETE,
                  priority));
        });
  }

  private static PluginMetadata with(
      PluginMetadata metadata, int priority, Map<Hook, Integer> priorities) {
    return new PluginMetadata(
        metadata.id(),
        metadata.name(),
        metadata.version(),
        priority,
        priorities,
        metadata.dependencies(),
        metadata.failurePolicy(),
        metadata.hookDeadline(),
        metadata.stopDeadline(),
        metadata.blocking(),
        metadata.requestBody(),
        metadata.responseBody(),
        metadata.plainText());
  }

  /** Calls plugins by the priorities that they declare, whatever the operator says. */
  private static final class Declared {
    private record Member(Session session, PluginMetadata metadata, Interceptor interceptor) {}

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    ProxyPlugin around(ProxyPlugin plugin) {
      return new ForwardingPlugin(plugin) {
        @Override
        public Interceptor createInterceptor(PluginContext context) throws Exception {
          Interceptor interceptor = super.createInterceptor(context);
          members.add(new Member(context.session(), metadata(), interceptor));
          return new ForwardingInterceptor(interceptor) {
            @Override
            public RequestDecision onRequest(ProxyContext ctx) throws Exception {
              return next(ctx).onRequest(ctx);
            }
          };
        }
      };
    }

    private Interceptor next(ProxyContext ctx) {
      int call =
          calls.computeIfAbsent(ctx.requestId(), id -> new AtomicInteger()).getAndIncrement();
      return members.stream()
          .filter(member -> member.session().equals(ctx.session()))
          .sorted(Comparator.comparingInt(member -> member.metadata().priority(Hook.REQUEST)))
          .skip(call)
          .findFirst()
          .orElseThrow()
          .interceptor();
    }
  }

  private static final class SameEnds extends ForwardingInterceptor {
    private final Interceptor interceptor;
    private final Map<String, Queue<Interceptor>> heads;

    SameEnds(Interceptor interceptor, Map<String, Queue<Interceptor>> heads) {
      super(interceptor);
      this.interceptor = interceptor;
      this.heads = heads;
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      heads.computeIfAbsent(ctx.requestId(), id -> new ArrayDeque<>()).add(interceptor);
      return super.onResponseHeaders(ctx);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      heads
          .getOrDefault(ctx.requestId(), new ArrayDeque<>())
          .remove()
          .onResponseComplete(ctx, summary);
    }
  }
}
