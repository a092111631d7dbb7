package dev.headgate.tck.broken;

import dev.headgate.api.HostPort;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends that are no good as forward proxies. */
final class ForwardMutants {
  private ForwardMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        request(
            "believes the client's Host",
            "F-01",
            "other.test",
            request -> {
              request.headers().replace("Host", "other.test");
              return request;
            }),
        target(
            "loses the path of an absolute-form",
            "F-02",
            "but was: <named>",
            target -> target.substring(0, target.indexOf('/', "http://".length()))),
        inbound("takes Host for a target", "F-03", "200 reached", Eager::new),
        inbound("drops Via from responses", "F-04", "1.1 fwd> but was: <>", Nameless::new),
        destination("reaches whatever is named", "F-05", "dns_error", ForwardMutants::unchecked),
        request(
            "sends an empty path as /",
            "F-06",
            "expected: <*> but was: </>",
            request -> with(request, request.destination(), "/")),
        inbound("vouches for everybody", "F-10", "200 reached", Vouching::new),
        request(
            "passes credentials on",
            "F-11",
            "expected: <null>",
            request -> {
              request.headers().append("Proxy-Authorization", "Basic eA==");
              return request;
            }),
        Mutant.backend("never runs timers", "F-12", Mutant.IN_VAIN, Breaches.engine(Timeless::new))
            .hanging(),
        Mutant.backend(
            "asks no check",
            "F-13",
            "expected: <internal> but was: <proxy_auth_required>",
            Breaches.inbound(Fields.hidden("Proxy-Authorization"))),
        target(
            "knows a host by another name",
            "F-20",
            "200 reached",
            target -> target.replace("bad.test", "good.test")),
        destination("looks nothing up", "F-23", "dns_error", ForwardMutants::unchecked),
        destination("trusts names", "F-24", "dns_error", ForwardMutants::unchecked),
        destination(
            "connects to another address",
            "F-25",
            "connect_failed",
            destination -> resolved(destination, Elsewhere::new)),
        Mutant.backend(
                "remembers addresses for ever",
                "F-26",
                Mutant.IN_VAIN,
                backend -> {
                  Map<HostPort, List<InetSocketAddress>> known = new ConcurrentHashMap<>();
                  return Breaches.upstreamRequest(
                          request ->
                              with(
                                  request,
                                  resolved(
                                      request.destination(),
                                      resolver -> new Remembering(resolver, known)),
                                  request.pathAndQuery()))
                      .apply(backend);
                })
            .hanging(),
        Mutant.backend(
            "calls an unknown name an abort",
            "F-27",
            "upstream_aborted",
            Breaches.upstreamListener(Vague::new)),
        destination(
                "asks a parent that is none",
                "F-30",
                Mutant.IN_VAIN,
                ForwardMutants::throughAnother)
            .hanging(),
        target(
            "gives addresses a name",
            "F-31",
            "200 reached",
            target -> target.replace("10.0.0.1", "ten.test")),
        Mutant.backend(
            "calls a challenge of a proxy another one",
            "F-34",
            "expected: <application/problem+json>",
            Breaches.upstreamListener(Renaming::new)));
  }

  private static Mutant inbound(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static Mutant target(
      String what, String rule, String telling, UnaryOperator<String> change) {
    return inbound(
        what,
        rule,
        telling,
        exchange ->
            new ForwardingInbound(exchange) {
              @Override
              public String target() {
                return change.apply(super.target());
              }
            });
  }

  private static Mutant request(
      String what, String rule, String telling, UnaryOperator<UpstreamRequest> change) {
    return Mutant.backend(what, rule, telling, Breaches.upstreamRequest(change));
  }

  private static Mutant destination(
      String what, String rule, String telling, UnaryOperator<Destination> change) {
    return request(
        what,
        rule,
        telling,
        request -> with(request, change.apply(request.destination()), request.pathAndQuery()));
  }

  private static UpstreamRequest with(
      UpstreamRequest request, Destination destination, String target) {
    return new UpstreamRequest(
        destination,
        request.method(),
        target,
        request.headers(),
        request.body(),
        request.expectContinue(),
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  private static Destination resolved(Destination destination, UnaryOperator<Resolver> around) {
    return new Destination(
        destination.target(),
        destination.protocol(),
        destination.tls(),
        around.apply(destination.resolver()),
        destination.parent());
  }

  private static Destination unchecked(Destination destination) {
    return resolved(destination, resolver -> Resolver.direct());
  }

  private static Destination throughAnother(Destination destination) {
    ParentProxy parent = destination.parent();
    ParentProxy other =
        parent == null
            ? null
            : new ParentProxy(
                parent.kind(), new HostPort("no-parent.test", 1), parent.credentials());
    return new Destination(
        destination.target(),
        destination.protocol(),
        destination.tls(),
        destination.resolver(),
        other);
  }

  private static final class Eager extends ForwardingInbound {
    Eager(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      return "http://" + headers().get("Host") + super.target();
    }
  }

  private static final class Nameless extends ForwardingInbound {
    Nameless(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      headers.drop("Via");
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Vouching extends ForwardingInbound {
    Vouching(InboundExchange exchange) {
      super(exchange);
      exchange.headers().replace("Proxy-Authorization", "Basic YW5uOnM6ZWNyZXQ=");
    }
  }

  private static final class Timeless extends ForwardingEngine {
    Timeless(Engine engine) {
      super(engine);
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      return delayNanos > 0 ? () -> {} : super.schedule(delayNanos, task);
    }
  }

  private static final class Renaming extends ForwardingUpstreamListener {
    Renaming(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      super.onResponse(status == 407 ? 401 : status, headers, body);
    }
  }

  private static final class Vague extends ForwardingUpstreamListener {
    Vague(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      super.onFailure(
          new UpstreamFault(
              ErrorCode.UPSTREAM_ABORTED, fault.phase(), fault.detail(), false, fault.cause()));
    }
  }

  /** Gives other addresses than those that are allowed. */
  private record Elsewhere(Resolver resolver) implements Resolver {
    @Override
    public @Nullable List<InetSocketAddress> known(HostPort address) throws AddressDeniedException {
      List<InetSocketAddress> known = resolver.known(address);
      return known == null ? null : elsewhere(known);
    }

    @Override
    public List<InetSocketAddress> resolve(HostPort address)
        throws UnknownHostException, AddressDeniedException {
      return elsewhere(resolver.resolve(address));
    }

    private static List<InetSocketAddress> elsewhere(List<InetSocketAddress> addresses) {
      return addresses.stream()
          .map(address -> new InetSocketAddress("10.0.0.1", address.getPort()))
          .toList();
    }
  }

  private record Remembering(Resolver resolver, Map<HostPort, List<InetSocketAddress>> answers)
      implements Resolver {
    @Override
    public @Nullable List<InetSocketAddress> known(HostPort address) throws AddressDeniedException {
      List<InetSocketAddress> answer = answers.get(address);
      return answer != null ? answer : resolver.known(address);
    }

    @Override
    public List<InetSocketAddress> resolve(HostPort address)
        throws UnknownHostException, AddressDeniedException {
      List<InetSocketAddress> found = resolver.resolve(address);
      answers.put(address, found);
      return found;
    }
  }
}
