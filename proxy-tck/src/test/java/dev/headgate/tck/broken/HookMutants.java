package dev.headgate.tck.broken;

import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.BodyChunk;
import dev.headgate.api.body.ChunkSink;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.http.ResponseHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Chains that call the hooks of exchanges wrongly. */
final class HookMutants {
  private HookMutants() {}

  static Stream<Mutant> all() {
    Map<String, String> fields = new ConcurrentHashMap<>();
    Map<String, Integer> statuses = new ConcurrentHashMap<>();
    Attributes common = new Common();
    return Stream.of(
        mutant(
            "keeps a field that was rolled back",
            "P-30",
            "but was: <[spoilt]>",
            one -> new Keeping(one, fields)),
        mutant(
            "keeps a status that was rolled back",
            "P-31",
            "but was: <599>",
            one -> new Remembering(one, statuses)),
        mutant("tolerates null", "P-32", "expected: <500> but was: <599>", Tolerant::new),
        mutant("swallows a fault", "P-43", "500", Swallowing::new),
        mutant("calls a plugin after its fault", "P-41", "onResponseHeaders", Forgetful::new),
        mutant(
            "calls a hook twice", "P-61", "onRequest ==> expected: <1> but was: <2>", Twice::new),
        Mutant.chain("misses an end", "P-62", "expected: <1> but was: <0>", HookMutants::missing),
        mutant("tells an error as a good end", "E-18", "expected: <1> but was: <0>", Cheerful::new),
        mutant(
            "shares attributes among exchanges",
            "P-65",
            "value",
            one -> context(one, ctx -> new Sharing(ctx, common))),
        mutant(
            "tells another request id to each hook",
            "P-70",
            "expected",
            one -> context(one, Renaming::new)));
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  /** Gives the context to all hooks in another form. */
  static Interceptor context(Interceptor interceptor, UnaryOperator<ProxyContext> around) {
    return new ForwardingInterceptor(interceptor) {
      @Override
      public RequestDecision onRequest(ProxyContext ctx) throws Exception {
        return super.onRequest(around.apply(ctx));
      }

      @Override
      public void onRequestChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
          throws Exception {
        super.onRequestChunk(around.apply(ctx), chunk, out);
      }

      @Override
      public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
        return super.onResponseHeaders(around.apply(ctx));
      }

      @Override
      public void onResponseChunk(ProxyContext ctx, BodyChunk chunk, ChunkSink out)
          throws Exception {
        super.onResponseChunk(around.apply(ctx), chunk, out);
      }

      @Override
      public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
        super.onResponseComplete(around.apply(ctx), summary);
      }
    };
  }

  /** After a fault, the plugins behind find a field as the one that failed had left it. */
  private static final class Keeping extends ForwardingInterceptor {
    private final Map<String, String> spoilt;

    Keeping(Interceptor interceptor, Map<String, String> spoilt) {
      super(interceptor);
      this.spoilt = spoilt;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      String kept = spoilt.get(ctx.requestId());
      if (kept != null) ctx.request().headers().set("X-Set", kept);
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        spoilt.put(ctx.requestId(), String.valueOf(ctx.request().headers().get("X-Set")));
        throw e;
      }
    }
  }

  /** After a fault, the plugins before find the status as the one that failed had left it. */
  private static final class Remembering extends ForwardingInterceptor {
    private final Map<String, Integer> spoilt;

    Remembering(Interceptor interceptor, Map<String, Integer> spoilt) {
      super(interceptor);
      this.spoilt = spoilt;
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      ResponseHead response = Objects.requireNonNull(ctx.response());
      Integer kept = spoilt.get(ctx.requestId());
      if (kept != null) response.status(kept);
      try {
        return super.onResponseHeaders(ctx);
      } catch (Exception e) {
        spoilt.put(ctx.requestId(), response.status());
        throw e;
      }
    }
  }

  private static final class Tolerant extends ForwardingInterceptor {
    Tolerant(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      return Objects.requireNonNullElseGet(super.onResponseHeaders(ctx), ResponseDecision::proceed);
    }
  }

  static final class Swallowing extends ForwardingInterceptor {
    Swallowing(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) {
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        return RequestDecision.proceed();
      }
    }
  }

  private static final class Forgetful extends ForwardingInterceptor {
    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    Forgetful(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        failed.add(ctx.requestId());
        throw e;
      }
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      if (failed.remove(ctx.requestId())) super.onResponseHeaders(ctx);
      super.onResponseComplete(ctx, summary);
    }
  }

  private static final class Twice extends ForwardingInterceptor {
    Twice(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      RequestDecision unused = super.onRequest(ctx);
      return unused == null ? RequestDecision.proceed() : super.onRequest(ctx);
    }
  }

  /** Does not tell one of the plugins. */
  private static ProxyPlugin missing(ProxyPlugin plugin) {
    if (!plugin.metadata().id().equals("b")) return plugin;
    return Breaches.interceptor(Endless::new).apply(plugin);
  }

  private static final class Endless extends ForwardingInterceptor {
    Endless(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) {}
  }

  static final class Cheerful extends ForwardingInterceptor {
    Cheerful(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onError(ProxyContext ctx, ProxyError error, ExchangeSummary summary)
        throws Exception {
      super.onResponseComplete(ctx, summary);
    }
  }

  /** Attributes of all exchanges. */
  static final class Common implements Attributes {
    private final Map<AttributeKey<?>, Object> values = new HashMap<>();

    // What is put under a key is of the key's type.
    @SuppressWarnings("unchecked")
    @Override
    public synchronized <T> @Nullable T get(AttributeKey<T> key) {
      return (T) values.get(key);
    }

    @Override
    public synchronized <T> void put(AttributeKey<T> key, @Nullable T value) {
      values.put(key, value);
    }
  }

  private static final class Sharing extends ForwardingContext {
    private final Attributes common;

    Sharing(ProxyContext context, Attributes common) {
      super(context);
      this.common = common;
    }

    @Override
    public Attributes attributes() {
      return common;
    }
  }

  private static final class Renaming extends ForwardingContext {
    private final String id = UUID.randomUUID().toString();

    Renaming(ProxyContext context) {
      super(context);
    }

    @Override
    public String requestId() {
      return id;
    }
  }
}
