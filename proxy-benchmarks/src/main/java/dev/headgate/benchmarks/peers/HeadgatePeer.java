package dev.headgate.benchmarks.peers;

import dev.headgate.Proxy;
import java.io.IOException;

/** Headgate with {@link FivePlugins}. */
public final class HeadgatePeer {
  private HeadgatePeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port
   * @throws IOException if the parent can't be told
   */
  public static void main(String[] args) throws IOException {
    Proxy proxy =
        FivePlugins.in(Proxy.builder().route("/**", "http://127.0.0.1:" + args[0])).start();
    PeerProcess.serve(proxy.uri().getPort());
  }
}
