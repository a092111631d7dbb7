package dev.headgate.benchmarks.peers;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteBuilder;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.tls.ListenerTls;
import java.io.IOException;
import java.nio.file.Path;

/** Headgate with {@link FivePlugins}. */
public final class HeadgatePeer {
  // The default, 1024, would start only that many event streams.
  private static final int CONNECTIONS = 8192;

  private HeadgatePeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port; how clients speak: PLAIN, TUNNEL, SECURE or GRPC; and, for
   *     SECURE, a PEM file with certificate and key
   * @throws IOException if the parent can't be told
   */
  public static void main(String[] args) throws IOException {
    EngineOptions usual = EngineOptions.defaults();
    ProxyEngine engine =
        ProxyEngine.start(
            new EngineOptions(
                usual.name(),
                usual.maxThreads(),
                usual.maxBufferBytes(),
                CONNECTIONS,
                usual.idleConnectionTimeout(),
                usual.maxResponseHeadBytes()));
    int upstream = Integer.parseInt(args[0]);
    ProxyBuilder builder = Proxy.builder().engine(engine);
    RouteBuilder route = Route.builder("/**").target("http://127.0.0.1:" + upstream);
    switch (args[1]) {
      case "PLAIN" -> {}
      case "TUNNEL" -> builder.forward(tunnelsTo(upstream));
      case "SECURE" -> builder.tls(certificate(Path.of(args[2])));
      case "GRPC" -> route.protocol(Destination.Protocol.HTTP_2);
      default -> throw new IllegalArgumentException("no way to speak: " + args[1]);
    }
    Proxy proxy = FivePlugins.in(builder.route(route.build())).start();
    PeerProcess.serve(proxy.uri().getPort());
  }

  private static ForwardOptions tunnelsTo(int upstream) {
    return ForwardOptions.builder()
        .connectPorts(upstream)
        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
        .build();
  }

  private static ListenerTls certificate(Path pem) {
    return ListenerTls.builder().certificate(pem, pem).build();
  }
}
