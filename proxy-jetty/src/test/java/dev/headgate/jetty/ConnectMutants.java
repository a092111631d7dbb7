package dev.headgate.jetty;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.HostPort;
import dev.headgate.api.Interceptor;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.ForwardingInbound;
import dev.headgate.tck.broken.ForwardingInterceptor;
import dev.headgate.tck.broken.Mutant;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends that lead a CONNECT astray, and chains that decide about it as nobody asked. */
final class ConnectMutants {
  /** Where nobody listens. */
  private static final HostPort NOBODY = new HostPort("127.0.0.1", 1);

  private static final ConnectDecision PROCEED = ConnectDecision.proceed();

  private ConnectMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        BrokenSockets.backend(
            "loses the port of a CONNECT", "F-21", "bad_request", Breaches.inbound(Portless::new)),
        destination("does not check addresses", "F-22", "expected: <", ConnectMutants::unchecked),
        destination("asks another parent", "F-32", Mutant.IN_VAIN, ConnectMutants::astray)
            .hanging(),
        destination("asks another SOCKS proxy", "F-33", Mutant.IN_VAIN, ConnectMutants::astray)
            .hanging(),
        decision("asks nobody", "I-01", "but was: <[]>", interceptor -> ctx -> PROCEED),
        decision(
            "goes on after a refusal",
            "I-02",
            "application/problem+json",
            interceptor -> without(interceptor, ConnectDecision.Refuse.class)),
        decision(
                "goes where the client wanted to",
                "I-03",
                Mutant.IN_VAIN,
                interceptor -> without(interceptor, ConnectDecision.Tunnel.class))
            .hanging(),
        decision(
            "does not wait for a decision",
            "I-04",
            "application/problem+json",
            interceptor -> without(interceptor, ConnectDecision.Later.class)),
        decision("hides faults", "I-05", "Proxy-Status: null", ConnectMutants::forgiving),
        decision(
            "passes unseen what is to be seen",
            "I-06",
            "application/problem+json",
            interceptor -> without(interceptor, ConnectDecision.Inspect.class)));
  }

  /** Decides in the place of a plugin. */
  private interface OnConnect {
    ConnectDecision decide(ConnectContext ctx) throws Exception;
  }

  private static Mutant decision(
      String what, String rule, String telling, Function<Interceptor, OnConnect> other) {
    return BrokenSockets.chain(
        what,
        rule,
        telling,
        Breaches.interceptor(
            interceptor -> {
              OnConnect decides = other.apply(interceptor);
              return new ForwardingInterceptor(interceptor) {
                @Override
                public ConnectDecision onConnect(ConnectContext ctx) throws Exception {
                  return decides.decide(ctx);
                }
              };
            }));
  }

  /** Takes one kind of decision for none. */
  private static OnConnect without(
      Interceptor interceptor, Class<? extends ConnectDecision> unheard) {
    return ctx -> {
      ConnectDecision decision = interceptor.onConnect(ctx);
      return unheard.isInstance(decision) ? PROCEED : decision;
    };
  }

  private static OnConnect forgiving(Interceptor interceptor) {
    return ctx -> {
      try {
        return interceptor.onConnect(ctx);
      } catch (IllegalStateException hidden) {
        return PROCEED;
      }
    };
  }

  private static Mutant destination(
      String what, String rule, String telling, UnaryOperator<Destination> change) {
    return BrokenSockets.backend(
        what,
        rule,
        telling,
        Breaches.upstreamRequest(
            request ->
                new UpstreamRequest(
                    change.apply(request.destination()),
                    request.method(),
                    request.pathAndQuery(),
                    request.headers(),
                    request.body(),
                    request.expectContinue(),
                    request.connectTimeoutNanos(),
                    request.tlsTimeoutNanos())));
  }

  private static Destination unchecked(Destination destination) {
    return new Destination(
        destination.target(),
        destination.protocol(),
        destination.tls(),
        Resolver.direct(),
        destination.parent());
  }

  private static Destination astray(Destination destination) {
    ParentProxy parent = destination.parent();
    return new Destination(
        destination.target(),
        destination.protocol(),
        destination.tls(),
        destination.resolver(),
        new ParentProxy(parent.kind(), NOBODY, parent.credentials()));
  }

  private static final class Portless extends ForwardingInbound {
    Portless(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      String target = super.target();
      return target.substring(0, target.lastIndexOf(':'));
    }
  }
}
