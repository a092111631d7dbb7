package dev.headgate.jetty;

import dev.headgate.api.ConnectContext;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.tck.broken.Breaches;
import dev.headgate.tck.broken.ForwardingBody;
import dev.headgate.tck.broken.ForwardingInbound;
import dev.headgate.tck.broken.ForwardingInterceptor;
import dev.headgate.tck.broken.ForwardingListener;
import dev.headgate.tck.broken.ForwardingTunnel;
import dev.headgate.tck.broken.ForwardingUpstreamListener;
import dev.headgate.tck.broken.Mutant;
import dev.headgate.tck.broken.ReadAhead;
import java.util.stream.Stream;

/** Backends and chains that do something wrong with tunnels. */
final class TunnelMutants {
  private TunnelMutants() {}

  static Stream<Mutant> all() {
    return Stream.of(
        BrokenSockets.backend(
            "frames the 200 of a CONNECT",
            "T-01",
            "expected: <null> but was: <0>",
            Breaches.inbound(Framing::new)),
        BrokenSockets.backend(
                "holds a piece until the next one comes",
                "T-02",
                Mutant.IN_VAIN,
                Breaches.tunnelInput(Lagging::new))
            .hanging(),
        BrokenSockets.backend(
                "loses the client's early bytes",
                "T-03",
                Mutant.IN_VAIN,
                Breaches.clientTunnel(TunnelMutants::forgetful))
            .hanging(),
        BrokenSockets.backend(
                "loses the upstream's early bytes",
                "T-04",
                Mutant.IN_VAIN,
                Breaches.upstreamTunnel(TunnelMutants::forgetful))
            .hanging(),
        BrokenSockets.backend(
                "keeps an end to itself",
                "T-05",
                Mutant.IN_VAIN,
                Breaches.upstreamTunnel(Endless::new))
            .hanging(),
        BrokenSockets.backend(
            "takes a reset for an end",
            "T-06",
            "was: <CLEAN>",
            Breaches.tunnelInput(Optimistic::new)),
        BrokenSockets.backend(
            "reads on though nobody takes it",
            "T-07",
            "never stalled",
            Breaches.tunnelInput(ReadAhead::new)),
        BrokenSockets.backend(
                "does not break off the client's side",
                "T-08",
                Mutant.IN_VAIN,
                Breaches.inbound(Clinging::new))
            .hanging(),
        BrokenSockets.backend(
                "does not break off the upstream's side",
                "T-09",
                Mutant.IN_VAIN,
                Breaches.upstream(TunnelMutants::clinging))
            .hanging(),
        BrokenSockets.chain(
            "does not count the bytes of tunnels",
            "T-10",
            "8, 11]> but was",
            Breaches.interceptor(Uncounting::new)),
        BrokenSockets.chain(
            "takes a CONNECT for a request",
            "T-11",
            "onRequest",
            Breaches.interceptor(Confused::new)),
        BrokenSockets.backend(
            "breaks tunnels off when a stop begins",
            "T-12",
            "broke",
            Breaches.listener(Hasty::new)),
        BrokenSockets.backend(
            "guesses the port of a CONNECT",
            "T-13",
            "connect_denied",
            Breaches.inbound(Guessing::new)),
        BrokenSockets.backend(
            "calls a refused connection an abort",
            "T-14",
            "upstream_aborted",
            Breaches.upstreamListener(Vague::new)),
        BrokenSockets.backend(
                "goes on with an aborted request",
                "T-15",
                Mutant.IN_VAIN,
                Breaches.upstream(TunnelMutants::clinging))
            .hanging(),
        BrokenSockets.backend(
            "loses the wish to switch",
            "T-20",
            "expected: <chat/1> but was: <null>",
            Breaches.upstreamRequest(TunnelMutants::withoutWish)),
        BrokenSockets.backend(
            "wishes to switch by itself",
            "T-21",
            "but was: <other>",
            Breaches.upstreamRequest(TunnelMutants::withWish)),
        BrokenSockets.backend(
            "fails where an upstream does not switch",
            "T-22",
            "expected: <426> but was: <502>",
            Breaches.upstreamListener(Strict::new)),
        BrokenSockets.backend(
            "calls an unasked switch an abort",
            "T-23",
            "upstream_aborted",
            Breaches.upstreamListener(Vague::new)),
        BrokenSockets.backend(
                "keeps a tunnel that was taken back",
                "T-24",
                Mutant.IN_VAIN,
                Breaches.upstreamTunnel(Stubborn::new))
            .hanging(),
        BrokenSockets.backend(
            "sends the status that comes to its mind",
            "T-25",
            "expected: <101> but was: <200>",
            Breaches.inbound(Renaming::new)));
  }

  private static Tunnel forgetful(Tunnel tunnel) {
    BodySource input = new Forgetful(tunnel.input());
    return new ForwardingTunnel(tunnel) {
      @Override
      public BodySource input() {
        return input;
      }
    };
  }

  private static UpstreamClient clinging(UpstreamClient client) {
    return (request, listener) -> {
      client.send(
          request,
          new ForwardingUpstreamListener(listener) {
            @Override
            public void onTunnel(int status, HeaderList headers, Tunnel tunnel) {
              super.onTunnel(status, headers, new Stubborn(tunnel));
            }
          });
      return reason -> {};
    };
  }

  private static UpstreamRequest withoutWish(UpstreamRequest request) {
    request.headers().drop("Upgrade");
    request.headers().drop("Connection");
    return request;
  }

  private static UpstreamRequest withWish(UpstreamRequest request) {
    request.headers().append("Connection", "Upgrade");
    request.headers().append("Upgrade", "other");
    return request;
  }

  private static final class Framing extends ForwardingInbound {
    Framing(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public Tunnel tunnel(int status, HeaderList headers, Completion done) {
      headers.append("Content-Length", "0");
      return super.tunnel(status, headers, done);
    }
  }

  private static final class Renaming extends ForwardingInbound {
    Renaming(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public Tunnel tunnel(int status, HeaderList headers, Completion done) {
      return super.tunnel(200, headers, done);
    }
  }

  private static final class Guessing extends ForwardingInbound {
    Guessing(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public String target() {
      String target = super.target();
      return target.indexOf(':') < 0 ? target + ":443" : target;
    }
  }

  private static final class Lagging extends ForwardingBody {
    private Content held;

    Lagging(BodySource body) {
      super(body);
    }

    @Override
    public Content read() {
      Content next = super.read();
      if (next == null || next.last()) return next;
      Content before = held;
      held = next;
      return before;
    }
  }

  private static final class Forgetful extends ForwardingBody {
    private boolean lost;

    Forgetful(BodySource body) {
      super(body);
    }

    @Override
    public Content read() {
      Content next = super.read();
      if (next == null || next.last() || lost) return next;
      lost = true;
      next.release();
      return super.read();
    }
  }

  private static final class Optimistic extends ForwardingBody {
    Optimistic(BodySource body) {
      super(body);
    }

    @Override
    public Content read() {
      Content next = super.read();
      return next == null || next.failure() == null ? next : HeapContent.end();
    }
  }

  private static final class Endless extends ForwardingTunnel {
    Endless(Tunnel tunnel) {
      super(tunnel);
    }

    @Override
    public void write(Content content, boolean last, Completion done) {
      super.write(content, false, done);
    }
  }

  private static final class Stubborn extends ForwardingTunnel {
    Stubborn(Tunnel tunnel) {
      super(tunnel);
    }

    @Override
    public void abort(Throwable reason) {}
  }

  private static final class Clinging extends ForwardingInbound {
    Clinging(InboundExchange exchange) {
      super(exchange);
    }

    @Override
    public Tunnel tunnel(int status, HeaderList headers, Completion done) {
      return new Stubborn(super.tunnel(status, headers, done));
    }

    @Override
    public void abort(Throwable reason) {}
  }

  private static final class Hasty extends ForwardingListener {
    Hasty(Listener listener) {
      super(listener);
    }

    @Override
    public void stopAccepting() {
      close();
    }
  }

  private static final class Uncounting extends ForwardingInterceptor {
    Uncounting(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public void onResponseComplete(ProxyContext ctx, ExchangeSummary summary) throws Exception {
      super.onResponseComplete(
          ctx, new ExchangeSummary(summary.outcome(), summary.status(), 0, 0, summary.timings()));
    }
  }

  private static final class Confused extends ForwardingInterceptor {
    Confused(Interceptor interceptor) {
      super(interceptor);
    }

    @Override
    public ConnectDecision onConnect(ConnectContext ctx) throws Exception {
      onRequest(ctx);
      return super.onConnect(ctx);
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

  private static final class Strict extends ForwardingUpstreamListener {
    Strict(UpstreamListener listener) {
      super(listener);
    }

    @Override
    public void onResponse(int status, HeaderList headers, BodySource body) {
      if (body != null) body.abort(new IllegalStateException("no switch"));
      super.onFailure(
          new UpstreamFault(
              ErrorCode.UPSTREAM_PROTOCOL, Phase.AWAIT_RESPONSE, "No switch.", false, null));
    }
  }
}
