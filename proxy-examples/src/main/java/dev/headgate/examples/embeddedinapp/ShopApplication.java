package dev.headgate.examples.embeddedinapp;

import dev.headgate.Proxy;
import dev.headgate.ProxyEngine;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import dev.headgate.plugins.logging.LoggingPlugin;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * A shop with a server of its own and two proxies: the <em>front</em>, by which customers reach the
 * shop, and the <em>models</em>, by which the shop's assistants reach a model's API. Both share one
 * engine: the second costs a listening socket and a chain, not another server.
 */
public final class ShopApplication implements AutoCloseable {
  private final ShopServer shop;
  private final ProxyEngine engine;
  private final Proxy front;
  private final Proxy models;
  private final Duration grace;

  /**
   * Starts everything, on free loopback ports.
   *
   * @param modelApi where the model's API is
   * @param grace how long exchanges may go on once the application closes
   * @throws IOException if the shop's own server can't be started
   */
  // tag::start[]
  public ShopApplication(URI modelApi, Duration grace) throws IOException {
    this.grace = grace;
    shop = ShopServer.start();
    engine = ProxyEngine.start(EngineOptions.defaults());
    front =
        Proxy.builder()
            .engine(engine)
            .route("/api/health", this::health)
            .route("/orders/**", shop.uri().toString())
            .plugin(HeaderInjectionPlugin.builder().prefix("Shop").client("front").build())
            .start();
    models =
        Proxy.builder()
            .engine(engine)
            .route(
                Route.builder("/v1/**")
                    .target(modelApi.toString())
                    .methods("GET", "POST")
                    .timeouts(Timeouts.builder().firstByte(Duration.ofMinutes(15)).build())
                    .build())
            .plugin(LoggingPlugin.create())
            .start();
  }

  /** Answers in place of an upstream. */
  private RequestDecision health(ProxyContext ctx) {
    return RequestDecision.respond(
        DirectResponse.status(200).json("{\"modelRequests\":" + models.inFlight() + "}"));
  }

  // end::start[]

  /**
   * Runs the shop until Ctrl-C.
   *
   * @param args the URL of the model's API
   * @throws Exception if it can't be started
   */
  public static void main(String[] args) throws Exception {
    ShopApplication application = new ShopApplication(URI.create(args[0]), Duration.ofSeconds(10));
    Runtime.getRuntime().addShutdownHook(new Thread(application::close));
    System.out.println(application.describe());
    new CountDownLatch(1).await();
  }

  /**
   * Returns where customers go.
   *
   * @return the front's URI
   */
  public URI front() {
    return front.uri();
  }

  /**
   * Returns where assistants go.
   *
   * @return the models' URI
   */
  public URI models() {
    return models.uri();
  }

  /**
   * Returns what goes where, for people.
   *
   * @return routes and plugins of both proxies
   */
  public String describe() {
    return front.describe() + "\n\n" + models.describe();
  }

  /**
   * Stops taking requests, lets those under way finish within the grace, then ends what they ran
   * on.
   */
  // tag::stop[]
  @Override
  public void close() {
    CompletableFuture<Void> frontStopped = front.stopAsync(grace).toCompletableFuture();
    CompletableFuture<Void> modelsStopped = models.stopAsync(grace).toCompletableFuture();
    CompletableFuture.allOf(frontStopped, modelsStopped).join();
    engine.close();
    shop.close();
  }
  // end::stop[]
}
