package dev.headgate.intercept;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.HostPort;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.JettyBackend;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.BrokenBackends;
import dev.headgate.tck.broken.ForwardingInbound;
import dev.headgate.tck.broken.ForwardingInspected;
import dev.headgate.tck.broken.ForwardingInterceptor;
import dev.headgate.tck.broken.ForwardingTunnel;
import dev.headgate.tck.broken.ForwardingUpstreamListener;
import dev.headgate.tck.broken.Mutant;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.rules.RuleCatalog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The backend with sockets, broken where tunnels are looked into. */
class BrokenInspectionTest extends BrokenBackends {
  private static final class Broken extends InspectionTckTest.Environment {
    private final UnaryOperator<ProxyPlugin> adapter;

    Broken(UnaryOperator<Backend> around, UnaryOperator<ProxyPlugin> adapter) {
      super(around.apply(new JettyBackend()));
      this.adapter = adapter;
    }

    @Override
    public ProxyPlugin adapt(ProxyPlugin plugin) {
      return adapter.apply(plugin);
    }
  }

  private static Mutant backend(
      String what, String rule, String telling, UnaryOperator<Backend> breach) {
    return new Mutant(what, rule, telling, false, new Broken(breach, UnaryOperator.identity()));
  }

  private static Mutant inside(
      String what, String rule, String telling, UnaryOperator<InspectedHandler> around) {
    return backend(what, rule, telling, Breaches.inspected(around));
  }

  private static Mutant eachInside(
      String what, String rule, String telling, UnaryOperator<InboundExchange> around) {
    return inside(
        what,
        rule,
        telling,
        handler ->
            new ForwardingInspected(handler) {
              @Override
              public void handle(InboundExchange exchange) {
                super.handle(around.apply(exchange));
              }
            });
  }

  @Override
  protected TckEnvironment wrapped() {
    return new Broken(wrapping(), Breaches.interceptor(ForwardingInterceptor::new));
  }

  /** Certificates are made, and hands shaken, on the way. */
  @Override
  protected Duration shortCeiling() {
    return Duration.ofSeconds(2);
  }

  @Override
  protected Predicate<String> complete() {
    return rule -> RuleCatalog.find(rule).needs().contains(Capability.INSPECTION);
  }

  @Override
  protected List<Mutant> mutants() {
    return List.of(
        eachInside("loses a query inside", "I-10", "expected: </one?x>", Shortening::new),
        new Mutant(
            "looks into every tunnel",
            "I-11",
            "shake hands",
            false,
            new Broken(
                UnaryOperator.identity(),
                Breaches.interceptor(
                    interceptor ->
                        new ForwardingInterceptor(interceptor) {
                          @Override
                          public ConnectDecision onConnect(ConnectContext ctx) {
                            return ConnectDecision.inspect(ctx.destination());
                          }
                        }))),
        backend(
            "knows a host by another name", "I-12", "shake hands", Breaches.inbound(Renaming::new)),
        backend(
            "verifies nobody",
            "I-13",
            "application/problem+json",
            Breaches.upstreamListener(Trusting::new)),
        backend(
            "looks names up by itself",
            "I-14",
            "application/problem+json",
            Breaches.upstreamRequest(BrokenInspectionTest::unchecked)),
        backend(
            "serves a certificate as anything",
            "I-15",
            "x-x509-ca-cert> but was: <null>",
            Breaches.inbound(Untyped::new)),
        inside("serves one request of a tunnel", "I-16", "broke", Once::new),
        eachInside("takes any method for GET", "I-17", "bad_request", Getting::new),
        eachInside("does not see a client leave inside", "I-18", Mutant.IN_VAIN, Deaf::new)
            .hanging(),
        backend(
                "swallows what a client says after a switch",
                "I-19",
                Mutant.IN_VAIN,
                Breaches.upstreamTunnel(Swallowing::new))
            .hanging(),
        inside("does not tell of refusals", "I-20", Mutant.IN_VAIN, Secretive::new).hanging(),
        eachInside("believes the tunnel", "I-21", Mutant.IN_VAIN, Hostless::new).hanging(),
        inside("takes every tunnel for a refusal", "I-22", "shake hands", Touchy::new));
  }

  private static UpstreamRequest unchecked(UpstreamRequest request) {
    Destination asked = request.destination();
    Destination unchecked =
        new Destination(
            asked.target(), asked.protocol(), asked.tls(), new Loopback(), asked.parent());
    return new UpstreamRequest(
        unchecked,
        request.method(),
        request.pathAndQuery(),
        request.headers(),
        request.body(),
        request.expectContinue(),
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  private static final class Loopback implements Resolver {
    @Override
    public List<InetSocketAddress> known(HostPort address) {
      return List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()));
    }

    @Override
    public List<InetSocketAddress> resolve(HostPort address) {
      return known(address);
    }
  }

  private static final class Shortening extends ForwardingInbound {
    Shortening(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      return super.target().replaceFirst("\\?.*", "");
    }
  }

  private static final class Renaming extends ForwardingInbound {
    Renaming(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      return super.target().replace("bank.test", "a.test");
    }
  }

  private static final class Trusting extends ForwardingUpstreamListener {
    Trusting(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      onReached(HttpVersion.HTTP_1_1);
    }
  }

  private static final class Untyped extends ForwardingInbound {
    Untyped(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void respond(
        int status, HeaderList headers, Content first, boolean last, Completion done) {
      headers.drop("Content-Type");
      super.respond(status, headers, first, last, done);
    }
  }

  private static final class Once extends ForwardingInspected {
    private boolean served;

    Once(InspectedHandler handler) {
      super(handler);
    }

    @Override
    public void handle(InboundExchange exchange) {
      if (served) {
        exchange.abort(new IllegalStateException("once is enough"));
      } else {
        served = true;
        super.handle(exchange);
      }
    }
  }

  private static final class Hostless extends ForwardingInbound {
    private final HeaderList fields;

    Hostless(InboundExchange exchange) {
      super(exchange);
      this.fields = exchange.headers();
      fields.replace("Host", "a.test");
    }

    @Override
    public HeaderList headers() {
      return fields;
    }
  }

  private static final class Getting extends ForwardingInbound {
    Getting(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String method() {
      return "GET";
    }
  }

  private static final class Deaf extends ForwardingInbound {
    Deaf(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public void onClientGone(Consumer<Throwable> gone) {
      super.onClientGone(reason -> {});
    }
  }

  private static final class Swallowing extends ForwardingTunnel {
    Swallowing(Tunnel tunnel) {
      super(tunnel);
    }

    @Override
    public void write(Content content, boolean last, Completion done) {
      content.release();
      done.succeeded();
    }
  }

  private static final class Touchy extends ForwardingInspected {
    Touchy(InspectedHandler handler) {
      super(handler);
    }

    @Override
    public boolean http2() {
      refused(new IllegalStateException("it has not asked for a certificate yet"));
      return super.http2();
    }
  }

  private static final class Secretive extends ForwardingInspected {
    Secretive(InspectedHandler handler) {
      super(handler);
    }

    @Override
    public void refused(Throwable reason) {}
  }
}
