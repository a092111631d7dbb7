package dev.headgate.benchmarks.peers;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;

/** Headgate with {@link FivePlugins}. */
public final class HeadgatePeer {
  // The default, 1024, would start only that many event streams.
  private static final int CONNECTIONS = 8192;

  private HeadgatePeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port
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
    ProxyBuilder builder = Proxy.builder().engine(engine);
    Proxy proxy = FivePlugins.in(builder.route("/**", "http://127.0.0.1:" + args[0])).start();
    PeerProcess.serve(proxy.uri().getPort());
  }
}
