package dev.headgate.examples.embeddedinapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShopApplicationTest {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer modelApi;

  @BeforeEach
  void startModelApi() throws IOException {
    modelApi = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    modelApi.setExecutor(threads);
    modelApi.createContext(
        "/v1/think",
        exchange -> {
          try (exchange) {
            asked.countDown();
            mayAnswer.await();
            byte[] answer = "42".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    modelApi.start();
  }

  @AfterEach
  void stopModelApi() {
    mayAnswer.countDown();
    modelApi.stop(0);
    threads.shutdownNow();
  }

  private ShopApplication application() throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + modelApi.getAddress().getPort());
    return new ShopApplication(uri, GRACE);
  }

  private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void servesTheShopThroughTheFront() throws Exception {
    try (ShopApplication application = application()) {
      HttpResponse<String> orders = get(application.front().resolve("/orders?open"));

      assertEquals(200, orders.statusCode());
      assertEquals("{\"orders\":[7,11],\"askedBy\":\"front\"}", orders.body());
      assertEquals(404, get(application.front().resolve("/elsewhere")).statusCode());
      assertTrue(application.describe().contains("header-injection"), application::describe);
    }
  }

  @Test
  void answersByAHandlerWhileTheModelThinks() throws Exception {
    try (ShopApplication application = application()) {
      CompletableFuture<HttpResponse<String>> thinking = think(application);
      asked.await();

      assertEquals("{\"modelRequests\":1}", health(application).body());

      mayAnswer.countDown();
      assertEquals("42", thinking.get().body());
    }
  }

  @Test
  void letsTheModelFinishWhenItCloses() throws Exception {
    ShopApplication application = application();
    CompletableFuture<HttpResponse<String>> thinking = think(application);
    asked.await();

    CompletableFuture<Void> closed = CompletableFuture.runAsync(application::close, threads);
    awaitRefusal(application.front());
    assertFalse(thinking.isDone());
    assertFalse(closed.isDone());
    mayAnswer.countDown();

    assertEquals("42", thinking.get().body());
    closed.get();
    assertThrows(ConnectException.class, () -> get(application.models().resolve("/v1/think")));
  }

  private CompletableFuture<HttpResponse<String>> think(ShopApplication application) {
    HttpRequest request = HttpRequest.newBuilder(application.models().resolve("/v1/think")).build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> health(ShopApplication application)
      throws IOException, InterruptedException {
    return get(application.front().resolve("/api/health"));
  }

  /** Asks until the proxy takes no more: it is stopping, then. */
  private static void awaitRefusal(URI proxy) throws InterruptedException {
    while (true) {
      try {
        HttpResponse<String> response =
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(proxy.resolve("/api/health")).build(),
                    BodyHandlers.ofString());
        if (response.statusCode() == 503) return;
      } catch (IOException e) {
        return;
      }
    }
  }
}
