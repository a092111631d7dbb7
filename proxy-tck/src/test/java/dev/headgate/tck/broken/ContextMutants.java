package dev.headgate.tck.broken;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Target;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chains that tell plugins what is not true, or keep what is not theirs to keep. */
final class ContextMutants {
  private ContextMutants() {}

  static Stream<Mutant> all() {
    Map<String, AttributeKey<?>> keys = new ConcurrentHashMap<>();
    Map<String, Attributes> unguarded = new ConcurrentHashMap<>();
    return Stream.of(
        mutant(
            "takes leaving for an error",
            "P-64",
            "<onResponseComplete> but was: <onError>",
            Offended::new),
        context(
            "finds attributes by the name of the key",
            "P-66",
            "<one null> but was: <one one>",
            ctx -> new Naming(ctx, keys)),
        context(
            "keeps what an abandoned call writes",
            "P-68",
            "/path late early>",
            ctx -> new Unguarded(ctx, unguarded, ctx.requestId())),
        Mutant.backend(
                "waits for a blocking call however long it takes",
                "P-68",
                Mutant.IN_VAIN,
                Breaches.engine(EngineMutants.Timeless::new))
            .hanging(),
        mutant(
            "calls hooks that nobody overrides",
            "P-69",
            "expected: <null> but was: <",
            ForwardingInterceptor::new),
        context(
            "keeps attributes of one exchange for the next",
            "P-75",
            "expected: <late> but was: <kept>",
            ctx -> new Unguarded(ctx, unguarded, "all")),
        context(
            "keeps what a decision that failed has put",
            "P-76",
            "expected: <null> but was: <pending>",
            ctx -> new Unguarded(ctx, unguarded, ctx.requestId())),
        context("guesses a target", "P-71", "but was: <http://early.test:80>", Guessing::new),
        context("forgets the route", "P-71", "</users/{id}> but was: <null>", Lost::new));
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  private static Mutant context(
      String what, String rule, String telling, UnaryOperator<ProxyContext> around) {
    return mutant(what, rule, telling, one -> HookMutants.context(one, around));
  }

  private static final class Offended extends ForwardingInterceptor {
    Offended(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      if (summary.outcome() == Outcome.CLIENT_GONE) {
        ClientFault gone = new ClientFault(ErrorCode.INTERNAL, Phase.SEND_RESPONSE, "It left.");
        super.onError(ctx, gone, summary);
      } else {
        super.onResponseComplete(ctx, summary);
      }
    }
  }

  private static final class Naming extends ForwardingContext {
    private final Map<String, AttributeKey<?>> keys;

    Naming(ProxyContext context, Map<String, AttributeKey<?>> keys) {
      super(context);
      this.keys = keys;
    }

    @Override
    public Attributes attributes() {
      Attributes attributes = super.attributes();
      return new Attributes() {
        @Override
        public <T> @Nullable T get(AttributeKey<T> key) {
          return attributes.get(first(key));
        }

        @Override
        public <T> void put(AttributeKey<T> key, @Nullable T value) {
          attributes.put(first(key), value);
        }
      };
    }

    // Keys of one name have one type in the rule.
    @SuppressWarnings("unchecked")
    private <T> AttributeKey<T> first(AttributeKey<T> key) {
      AttributeKey<?> first = keys.putIfAbsent(key.name(), key);
      return first == null ? key : (AttributeKey<T>) first;
    }
  }

  private static final class Unguarded extends ForwardingContext {
    private final Map<String, Attributes> attributes;
    private final String owner;

    Unguarded(ProxyContext context, Map<String, Attributes> attributes, String owner) {
      super(context);
      this.attributes = attributes;
      this.owner = owner;
    }

    @Override
    public Attributes attributes() {
      return attributes.computeIfAbsent(owner, id -> new HookMutants.Common());
    }
  }

  private static final class Guessing extends ForwardingContext {
    Guessing(ProxyContext context) {
      super(context);
    }

    @Override
    public Target target() {
      return Objects.requireNonNullElseGet(
          super.target(), () -> new Target("http", new HostPort("early.test", 80)));
    }
  }

  private static final class Lost extends ForwardingContext {
    Lost(ProxyContext context) {
      super(context);
    }

    @Override
    public @Nullable RouteInfo route() {
      return null;
    }
  }
}
