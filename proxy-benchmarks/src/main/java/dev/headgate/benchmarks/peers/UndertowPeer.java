package dev.headgate.benchmarks.peers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** Undertow's proxy handler. */
public final class UndertowPeer {
  // The default, 10 per thread, would queue most requests and start only 20 event streams.
  private static final int CONNECTIONS_PER_THREAD = 8192;

  private UndertowPeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port
   * @throws IOException if the parent can't be told
   */
  public static void main(String[] args) throws IOException {
    LoadBalancingProxyClient upstream =
        new LoadBalancingProxyClient()
            .setConnectionsPerThread(CONNECTIONS_PER_THREAD)
            .addHost(URI.create("http://127.0.0.1:" + args[0]));
    Undertow server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            // 2.4 would refuse large requests.
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
            .setHandler(ProxyHandler.builder().setProxyClient(upstream).build())
            .build();
    server.start();
    PeerProcess.serve(((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
  }
}
