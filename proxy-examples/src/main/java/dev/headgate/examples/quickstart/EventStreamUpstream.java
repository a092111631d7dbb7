package dev.headgate.examples.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Stands for a model's API: {@code POST /v1/messages} answers with an event stream, token by token;
 * {@code POST /v1/metrics} takes the session's metric. Listens on a free loopback port.
 */
final class EventStreamUpstream implements AutoCloseable {
  /** What the model says. */
  static final List<String> TOKENS =
      List.of(
          "Each",
          " of",
          " these",
          " tokens",
          " went",
          " through",
          " the",
          " proxy",
          " by",
          " itself,",
          " the",
          " moment",
          " it",
          " came:",
          " nothing",
          " was",
          " held",
          " back,",
          " and",
          " every",
          " plugin",
          " saw",
          " it",
          " pass.");

  /** Decides when the next token comes. */
  @FunctionalInterface
  interface Pace {
    /**
     * Waits until a token may be sent.
     *
     * @param token its number, from 0
     */
    void await(int token) throws InterruptedException;

    /** One token after the other, at a steady pace. */
    static Pace every(Duration time) {
      Executor later = CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS);
      return token -> {
        CountDownLatch due = new CountDownLatch(1);
        later.execute(due::countDown);
        due.await();
      };
    }
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "upstream");
            thread.setDaemon(true);
            return thread;
          });
  private final Pace pace;
  private final List<String> metrics = new CopyOnWriteArrayList<>();

  private EventStreamUpstream(HttpServer server, Pace pace) {
    this.server = server;
    this.pace = pace;
  }

  static EventStreamUpstream start(Pace pace) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    EventStreamUpstream upstream = new EventStreamUpstream(HttpServer.create(anyPort, 0), pace);
    upstream.server.createContext("/v1/messages", upstream::stream);
    upstream.server.createContext("/v1/metrics", upstream::takeMetric);
    upstream.server.setExecutor(upstream.threads);
    upstream.server.start();
    return upstream;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns the metrics that were sent, as JSON. */
  List<String> metrics() {
    return List.copyOf(metrics);
  }

  private void takeMetric(HttpExchange exchange) throws IOException {
    try (exchange) {
      metrics.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0); // 0: chunked, as the length is not known
      OutputStream body = exchange.getResponseBody();
      event(body, "message_start", "\"message\":{\"id\":\"msg_1\",\"content\":[]}");
      for (int i = 0; i < TOKENS.size(); i++) {
        pace.await(i);
        event(
            body,
            "content_block_delta",
            "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + TOKENS.get(i) + "\"}");
      }
      event(body, "message_stop", "\"usage\":{\"output_tokens\":" + TOKENS.size() + "}");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void event(OutputStream body, String type, String fields) throws IOException {
    String event = "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    body.write(event.getBytes(StandardCharsets.UTF_8));
    body.flush();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
