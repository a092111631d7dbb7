package dev.headgate.benchmarks.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** LittleProxy, which knows no fixed upstream: clients name it, as those of a forward proxy do. */
public final class LittleProxyPeer {
  private LittleProxyPeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args not used
   * @throws IOException if the parent can't be told
   */
  public static void main(String[] args) throws IOException {
    HttpProxyServer server =
        DefaultHttpProxyServer.bootstrap()
            .withAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withIdleConnectionTimeout(Duration.ofMinutes(10))
            .start();
    PeerProcess.serve(server.getListenAddress().getPort());
  }
}
