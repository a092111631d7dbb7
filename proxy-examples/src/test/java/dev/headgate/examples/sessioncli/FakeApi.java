package dev.headgate.examples.sessioncli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The API behind the session: one path that answers, one that never does, one for metrics. */
final class FakeApi implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> metrics = new CopyOnWriteArrayList<>();

  FakeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/hello", this::hello);
    server.createContext("/v1/hang", this::hang);
    server.createContext("/v1/metrics", this::metrics);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Who asked: cookies and the injected field. */
  List<String> asked() {
    return asked;
  }

  List<String> metrics() {
    return metrics;
  }

  /** Waits until a request hangs. */
  void awaitHanging() throws InterruptedException {
    hanging.await();
  }

  private void hello(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          exchange.getRequestHeaders().getFirst("Cookie")
              + " "
              + exchange.getRequestHeaders().getFirst("X-Headgate-CLI"));
      byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void hang(HttpExchange exchange) {
    try (exchange) {
      hanging.countDown();
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    try (exchange) {
      metrics.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
