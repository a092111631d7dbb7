package dev.headgate.benchmarks.peers;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Invocable;

/** Jetty's own proxy handler, with what is known to make it faster. */
public final class JettyPeer {
  // The default, 64, would start only that many event streams.
  private static final int CONNECTIONS = 8192;
  private static final long IDLE_MILLIS = 600_000;

  private JettyPeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port
   * @throws Exception if it can't be started
   */
  public static void main(String[] args) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.setHandler(new NonBlockingProxy("http://127.0.0.1:" + args[0] + "$1"));
    server.start();
    PeerProcess.serve(connector.getLocalPort());
  }

  private static final class NonBlockingProxy extends ProxyHandler.Reverse {
    NonBlockingProxy(String target) {
      super("https?://[^/]+(/.*)", target);
    }

    // Without a hop to another thread, on the way there and on the way back.
    @Override
    public Invocable.InvocationType getInvocationType() {
      return Invocable.InvocationType.NON_BLOCKING;
    }

    @Override
    protected HttpClient newHttpClient() {
      HttpClientTransportDynamic transport = new HttpClientTransportDynamic();
      transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
      return new HttpClient(transport);
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
      super.configureHttpClient(client);
      client.setMaxConnectionsPerDestination(CONNECTIONS);
      client.setIdleTimeout(IDLE_MILLIS);
    }
  }
}
