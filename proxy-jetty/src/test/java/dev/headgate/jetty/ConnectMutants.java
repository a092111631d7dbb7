package dev.headgate.jetty;

import dev.headgate.api.HostPort;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.ForwardingInbound;
import dev.headgate.tck.broken.Mutant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends that lead a CONNECT astray. */
final class ConnectMutants {
  /** Where nobody listens. */
  private static final HostPort NOBODY = new HostPort("127.0.0.1", 1);

  private ConnectMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        BrokenSockets.backend(
            "loses the port of a CONNECT", "F-21", "bad_request", Breaches.inbound(Portless::new)),
        destination("does not check addresses", "F-22", "expected: <", ConnectMutants::unchecked),
        destination("asks another parent", "F-32", Mutant.IN_VAIN, ConnectMutants::astray)
            .hanging(),
        destination("asks another SOCKS proxy", "F-33", Mutant.IN_VAIN, ConnectMutants::astray)
            .hanging());
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
