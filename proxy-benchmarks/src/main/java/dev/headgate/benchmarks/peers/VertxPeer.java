package dev.headgate.benchmarks.peers;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** vertx-http-proxy, one verticle for each core, each with a client of its own. */
public final class VertxPeer {
  // The default, 5, would queue most requests.
  private static final int POOL = 8192;

  private VertxPeer() {}

  /**
   * Runs until the parent is gone.
   *
   * @param args the upstream's port
   * @throws IOException if the parent can't be told
   */
  public static void main(String[] args) throws IOException {
    int upstream = Integer.parseInt(args[0]);
    AtomicInteger port = new AtomicInteger();
    DeploymentOptions each =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    Vertx vertx = Vertx.vertx();
    vertx
        .deployVerticle(() -> new ProxyVerticle(upstream, port), each)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    PeerProcess.serve(port.get());
  }

  private static final class ProxyVerticle extends VerticleBase {
    private final int upstream;
    private final AtomicInteger port;

    ProxyVerticle(int upstream, AtomicInteger port) {
      this.upstream = upstream;
      this.port = port;
    }

    @Override
    public Future<?> start() {
      HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(POOL));
      HttpProxy proxy = HttpProxy.reverseProxy(client).origin(upstream, "127.0.0.1");
      HttpServer server = vertx.createHttpServer().requestHandler(proxy);
      // Vert.x shares one free port among the instances that ask for the same negative number.
      return server
          .listen(-1, "127.0.0.1")
          .onSuccess(listening -> port.set(listening.actualPort()));
    }
  }
}
