package dev.headgate.tck.rules;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TunnelEnd;
import java.net.InetAddress;
import java.util.Locale;
import java.util.function.Consumer;

/** The ways to a tunnel. */
enum Way {
  /** A CONNECT, to an upstream that speaks no HTTP. */
  CONNECT {
    @Override
    TestOrigin origin(Lab lab) {
      return lab.origin().tunnelled();
    }

    @Override
    void reach(ProxyBuilder builder, TestOrigin origin) {
      builder.forward(local().connectPorts(origin.port()).build());
    }

    @Override
    String head(TestOrigin origin) {
      String authority = origin.authority();
      return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    }

    @Override
    TunnelEnd accept(TestOrigin origin, String early) {
      TunnelEnd end = origin.acceptTunnel();
      if (!early.isEmpty()) end.send(early);
      return end;
    }
  },

  /** A GET that asks for another protocol, on a route. */
  UPGRADE {
    @Override
    TestOrigin origin(Lab lab) {
      return lab.origin();
    }

    @Override
    void reach(ProxyBuilder builder, TestOrigin origin) {
      builder.route("/**", origin.url());
    }

    @Override
    String head(TestOrigin origin) {
      return "GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: chat/1\r\n\r\n";
    }

    @Override
    TunnelEnd accept(TestOrigin origin, String early) {
      return origin.accept().switchProtocols(early, WISH);
    }
  };

  /** The fields of a wish to switch protocols, and of its fulfilment. */
  static final String[] WISH = {"Connection", "Upgrade", "Upgrade", "chat/1"};

  /**
   * An open tunnel.
   *
   * @param proxy between the ends
   * @param client the client's end
   * @param upstream the upstream's end
   */
  record Opened(Proxy proxy, TunnelEnd client, TunnelEnd upstream) {}

  /** A forward proxy that reaches the lab's origins, by whatever name. */
  static ForwardOptions.Builder local() {
    return ForwardOptions.builder()
        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
        .lookup(name -> new InetAddress[] {InetAddress.getLoopbackAddress()})
        .connectPorts();
  }

  /** Opens an upstream for the other end. */
  abstract TestOrigin origin(Lab lab);

  /** Lets a proxy open tunnels to an upstream. */
  abstract void reach(ProxyBuilder builder, TestOrigin origin);

  /** The request for a tunnel, as it stands on the wire. */
  abstract String head(TestOrigin origin);

  /** Waits for what reaches the upstream, and opens the tunnel there. */
  abstract TunnelEnd accept(TestOrigin origin, String early);

  /** The id of a plugin that watches tunnels of this kind. */
  String watcher() {
    return "watch-" + name().toLowerCase(Locale.ROOT);
  }

  /** The status that opens the tunnel. */
  int status() {
    return this == CONNECT ? 200 : 101;
  }

  /** Starts a proxy that opens tunnels to an upstream. */
  Proxy proxy(Lab lab, TestOrigin origin, Consumer<? super ProxyBuilder> settings) {
    return lab.proxy(
        builder -> {
          reach(builder, origin);
          settings.accept(builder);
        });
  }

  /** Asks for a tunnel. */
  ClientExchange ask(Lab lab, Proxy proxy, TestOrigin origin) {
    return this == CONNECT
        ? lab.client(proxy).send("CONNECT", origin.authority(), "Host", origin.authority())
        : lab.client(proxy).get("/chat", WISH);
  }

  /** Opens a tunnel through a fresh proxy. */
  Opened open(Lab lab, Consumer<? super ProxyBuilder> settings) {
    TestOrigin origin = origin(lab);
    return open(lab, proxy(lab, origin, settings), origin);
  }

  /** Opens a tunnel. */
  Opened open(Lab lab, Proxy proxy, TestOrigin origin) {
    ClientExchange asked = ask(lab, proxy, origin);
    TunnelEnd upstream = accept(origin, "");
    return new Opened(proxy, asked.tunnel(), upstream);
  }
}
