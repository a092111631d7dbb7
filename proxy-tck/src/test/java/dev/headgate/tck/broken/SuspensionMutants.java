package dev.headgate.tck.broken;

import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.core.spi.Engine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Chains and clocks by which plugins that fail are treated wrongly. */
final class SuspensionMutants {
  private SuspensionMutants() {}

  static Stream<Mutant> all() {
    AtomicBoolean failedSomewhere = new AtomicBoolean();
    Set<String> endings = ConcurrentHashMap.newKeySet();
    return Stream.of(
        mutant(
            "never hears of a fault",
            "P-44",
            "<SUSPENDED> but was: <ENABLED>",
            HookMutants.Swallowing::new),
        mutant(
            "counts a fault in the next exchange too",
            "P-44",
            "<ENABLED> but was: <SUSPENDED>",
            Resentful::new),
        Mutant.backend(
            "has a clock that is fast", "P-45", "<1> but was: <2>", Breaches.engine(Fast::new)),
        Mutant.backend(
                "has a clock that has stopped",
                "P-45",
                Mutant.IN_VAIN,
                Breaches.engine(EngineMutants.Still::new))
            .hanging(),
        mutant(
            "takes a failed trial for a clean one",
            "P-46",
            "<SUSPENDED> but was: <ENABLED>",
            Lenient::new),
        Mutant.backend(
            "tries again before the cool-down is over",
            "P-46",
            "<3> but was: <4>",
            Breaches.engine(Fast::new)),
        mutant(
            "lets a fault count in another proxy",
            "P-47",
            "<2> but was: <1>",
            one -> new Spreading(one, failedSomewhere)),
        mutant(
                "tells nobody of an end after a fault in it",
                "P-48",
                Mutant.IN_VAIN,
                one -> new Silenced(one, endings))
            .hanging(),
        mutant("passes over Errors", "P-49", "<500> but was: <200>", Fearless::new));
  }

  private static Mutant mutant(
      String what, String rule, String telling, UnaryOperator<Interceptor> around) {
    return Mutant.chain(what, rule, telling, Breaches.interceptor(around));
  }

  /** Fails in the exchange after a fault. */
  private static final class Resentful extends ForwardingInterceptor {
    private boolean failed;

    Resentful(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public synchronized RequestDecision onRequest(ProxyContext ctx) throws Exception {
      boolean before = failed;
      failed = true;
      RequestDecision decision = super.onRequest(ctx);
      failed = false;
      if (before) throw new IllegalStateException("failed before");
      return decision;
    }
  }

  /** Passes over faults after the second. */
  private static final class Lenient extends ForwardingInterceptor {
    private static final int HEARD = 2;

    private int faults;

    Lenient(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public synchronized RequestDecision onRequest(ProxyContext ctx) throws Exception {
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        if (faults++ < HEARD) throw e;
        return RequestDecision.proceed();
      }
    }
  }

  /** Fails once another one has failed. */
  private static final class Spreading extends ForwardingInterceptor {
    private final AtomicBoolean failed;

    Spreading(Interceptor interceptor, AtomicBoolean failed) {
      super(interceptor);
      this.failed = failed;
    }

    @Override
    public RequestDecision onRequest(ProxyContext ctx) throws Exception {
      if (failed.get()) throw new IllegalStateException("failed elsewhere");
      try {
        return super.onRequest(ctx);
      } catch (Exception e) {
        failed.set(true);
        throw e;
      }
    }
  }

  private static final class Silenced extends ForwardingInterceptor {
    private final Set<String> failed;

    Silenced(Interceptor interceptor, Set<String> failed) {
      super(interceptor);
      this.failed = failed;
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      if (failed.contains(ctx.requestId())) return;
      try {
        super.onResponseComplete(ctx, summary);
      } catch (Exception e) {
        failed.add(ctx.requestId());
        throw e;
      }
    }
  }

  private static final class Fearless extends ForwardingInterceptor {
    Fearless(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ResponseDecision onResponseHeaders(ProxyContext ctx) throws Exception {
      try {
        return super.onResponseHeaders(ctx);
      } catch (AssertionError e) {
        return ResponseDecision.proceed();
      }
    }
  }

  /** Is ahead by a hundredth. */
  private static final class Fast extends ForwardingEngine {
    private static final int PART = 100;

    private final long start = super.nanoTime();

    Fast(Engine engine) {
      super(engine);
    }

    @Override
    public long nanoTime() {
      long now = super.nanoTime();
      return now + (now - start) / PART;
    }
  }
}
