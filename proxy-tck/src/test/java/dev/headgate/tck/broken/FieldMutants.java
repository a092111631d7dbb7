package dev.headgate.tck.broken;

import dev.headgate.api.ClientInfo;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends that keep, lose or make up fields of the head. */
final class FieldMutants {
  private FieldMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        inbound(
            "keeps Connection from the core",
            "H-01",
            "X-Mine ==> expected: <null>",
            Fields.hidden("Connection")),
        Mutant.backend(
            "keeps an upstream's Connection from the core",
            "H-01",
            "expected: <null> but was: <1>",
            Breaches.upstreamListener(Unconnected::new)),
        upstream(
            "speaks to upstreams as to an old browser",
            "H-01",
            "Proxy-Connection ==> expected: <null>",
            Fields.added("Proxy-Connection", "keep-alive")),
        inbound("takes TE for its own", "H-02", "<[trailers]> but was: <[]>", Fields.hidden("TE")),
        inbound("forgets earlier hops", "H-03", "but was: <1.1 tester>", Fields.hidden("Via")),
        inbound(
            "reads one line of a field", "H-04", "200 ok", Fields.changed("Via", first -> first)),
        upstream(
            "passes credentials for proxies on",
            "H-14",
            "expected: <null> but was: <Basic c2VjcmV0>",
            Fields.added("Proxy-Authorization", "Basic c2VjcmV0")),
        inbound(
            "takes every Host for its own",
            "H-15",
            "200 ok",
            Fields.changed("Host", host -> "localhost")),
        inbound("loses Content-Range", "H-20", "but was: <[]>", Fields.lost("Content-Range")),
        inbound(
            "asks for a range whatever has changed",
            "H-20",
            "expected: <\"x\"> but was: <null>",
            Fields.hidden("If-Range")),
        upstream(
            "tells of hops unasked",
            "H-30",
            "expected: <null> but was: <192.0.2.9>",
            Fields.added("X-Forwarded-For", "192.0.2.9")),
        inbound("believes whom a client says it is", "H-31", "192.0.2.2", Believing::new),
        inbound("drops trailers", "P-88", "there are no trailers", ResponseMutants.NoTrailers::new),
        inbound(
            "vouches in trailers for a body it does not know",
            "P-88",
            "Digest ==> expected: <null>",
            exchange -> new Trailing(exchange, "Digest", "sha-256=AA==")),
        inbound(
            "frames in trailers",
            "H-35",
            "Content-Length ==> expected: <null>",
            exchange -> new Trailing(exchange, "Content-Length", "3")),
        upstream(
            "loses what a plugin sets",
            "H-36",
            "expected: <[guest]> but was: <[]>",
            request -> {
              request.headers().drop("X-User");
              return request;
            }),
        upstream(
            "frames a request twice",
            "H-37",
            "Transfer-Encoding ==> expected: <null>",
            Fields.added("Transfer-Encoding", "chunked")),
        inbound("frames no response", "H-37", "<[5]> but was: <[]>", Fields.lost("Content-Length")),
        inbound("frames as the upstream does", "H-38", "<0> but was: <5>", Reframing::new),
        upstream(
            "loses Max-Forwards",
            "H-34",
            "expected: <1> but was: <null>",
            request -> {
              request.headers().drop("Max-Forwards");
              return request;
            }));
  }

  private static Mutant inbound(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return Mutant.backend(what, rule, telling, Breaches.inbound(around));
  }

  private static Mutant upstream(
      String what, String rule, String telling, UnaryOperator<UpstreamRequest> change) {
    return Mutant.backend(what, rule, telling, Breaches.upstreamRequest(change));
  }

  private static final class Unconnected extends ForwardingUpstreamListener {
    Unconnected(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      headers.drop("Connection");
      super.onResponse(status, headers, body);
    }
  }

  /** Puts a field of its own into the trailers of responses. */
  private static final class Trailing extends ForwardingInbound {
    private final String name;
    private final String value;

    Trailing(InboundExchange exchange, String name, String value) {
      super(exchange);
      this.name = name;
      this.value = value;
    }

    @Override
    public void write(
        Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
      if (trailers != null) trailers.replace(name, value);
      super.write(content, last, trailers, done);
    }
  }

  /** Tells a length where there is nothing. */
  private static final class Reframing extends ForwardingInbound {
    Reframing(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
      if ("0".equals(headers.get("Content-Length"))) headers.replace("Content-Length", "5");
      super.respond(status, headers, first, last, done);
    }
  }

  /** Takes the address that a client names for the client's own. */
  private static final class Believing extends ForwardingInbound {
    private final ClientInfo client;

    Believing(InboundExchange exchange) {
      super(exchange);
      String named = exchange.headers().get("X-Forwarded-For");
      client =
          named == null ? exchange.client() : new ClientInfo(new InetSocketAddress(named, 1), null);
    }

    @Override
    public ClientInfo client() {
      return client;
    }
  }
}
