package dev.headgate.tck.broken;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.InboundExchange;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Backends that read requests otherwise than they were sent. */
final class MessageMutants {
  private static final int FIELDS = 10;

  private MessageMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        Mutant.backend(
            "sends the path as it came, not as it was routed",
            "H-07",
            "expected: </secret/",
            backend -> {
              AtomicReference<String> raw = new AtomicReference<>("/");
              return Breaches.inbound(
                      exchange -> {
                        raw.set(exchange.target());
                        return exchange;
                      })
                  .apply(
                      Breaches.upstreamRequest(request -> Requests.withTarget(request, raw.get()))
                          .apply(backend));
            }),
        inbound(
            "takes each expectation for 100-continue",
            "H-12",
            "200 ok",
            Fields.changed("Expect", other -> "100-continue")),
        inbound(
            "passes over codings that it does not know",
            "H-13",
            "200 ok",
            Fields.hidden("Transfer-Encoding")),
        inbound("ends paths in a slash", "H-17", "but was: </a/**>", Slashing::new),
        inbound("takes a CONNECT for a GET", "H-18", "200 ok", Untunnelled::new),
        inbound("drops fields for which it has no room", "E-26", "200 ok", Scant::new));
  }

  private static Mutant inbound(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static final class Slashing extends ForwardingInbound {
    Slashing(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      return super.target() + "/";
    }
  }

  private static final class Untunnelled extends ForwardingInbound {
    Untunnelled(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String target() {
      return "/";
    }
  }

  private static final class Scant extends ForwardingInbound {
    private final HeaderList some = new HeaderList();

    Scant(InboundExchange exchange) {
      super(exchange);
      HeaderList all = exchange.headers();
      for (int i = 0; i < all.size(); i++) {
        boolean room = some.size() < FIELDS || all.name(i).equalsIgnoreCase("Host");
        if (room) some.append(all.name(i), all.value(i));
      }
    }

    @Override
    public HeaderList headers() {
      return some;
    }
  }
}
