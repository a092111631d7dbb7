package dev.headgate.plugins.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A metrics API that answers by a script, 200 when that has run out, and that counts a key once, as
 * such an API must.
 */
final class ScriptedApi implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Queue<Reply> script = new ArrayDeque<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();
  private final Map<String, Received> counted = new LinkedHashMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final AtomicInteger concurrent = new AtomicInteger();
  private final AtomicInteger mostConcurrent = new AtomicInteger();

  ScriptedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A request as it came. */
  record Received(String path, String key, String cookie, String contentType, String body) {
    Map<String, Object> metric() {
      return JsonMaps.parse(body);
    }

    long requests() {
      return JsonMaps.number(metric(), "requests");
    }

    long sum(String counter) {
      return JsonMaps.number(metric(), "counters", counter, "sum");
    }
  }

  /**
   * What to do with a request.
   *
   * @param status the answer; 0 to close the connection without one
   * @param counts whether the metric is counted
   * @param before waited for before the answer
   */
  record Reply(int status, boolean counts, CountDownLatch before) {
    static Reply status(int status) {
      return new Reply(status, status < 300, new CountDownLatch(0));
    }

    /** Counts the metric and loses the answer. */
    static Reply countAndDrop() {
      return new Reply(0, true, new CountDownLatch(0));
    }

    /** Loses the request. */
    static Reply drop() {
      return new Reply(0, false, new CountDownLatch(0));
    }

    /** Counts, and answers when the latch opens. */
    static Reply when(CountDownLatch latch, int status) {
      return new Reply(status, status < 300, latch);
    }
  }

  ScriptedApi script(Reply... replies) {
    synchronized (script) {
      script.addAll(List.of(replies));
    }
    return this;
  }

  ScriptedApi script(int... statuses) {
    for (int status : statuses) script(Reply.status(status));
    return this;
  }

  /** Goes back to answering 200, and forgets the requests that nobody has waited for. */
  void reset() {
    synchronized (script) {
      script.clear();
    }
    arrivals.clear();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
  }

  /** Waits for the next request; its answer may be out already. */
  Received await() throws InterruptedException {
    Received next = arrivals.poll(20, TimeUnit.SECONDS);
    if (next == null) throw new AssertionError("no request came");
    return next;
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  /** What was counted, each key once, in order. */
  List<Received> counted() {
    synchronized (counted) {
      return List.copyOf(counted.values());
    }
  }

  long countedSum(String counter) {
    return counted().stream().mapToLong(metric -> metric.sum(counter)).sum();
  }

  long countedRequests() {
    return counted().stream().mapToLong(Received::requests).sum();
  }

  /** Two requests with one key but different bodies, which no API would accept. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  int mostConcurrent() {
    return mostConcurrent.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    mostConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
    boolean answering = false;
    try {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Received request =
          new Received(
              exchange.getRequestURI().getPath(),
              exchange.getRequestHeaders().getFirst("Idempotency-Key"),
              exchange.getRequestHeaders().getFirst("Cookie"),
              exchange.getRequestHeaders().getFirst("Content-Type"),
              body);
      Reply reply;
      synchronized (script) {
        reply = script.isEmpty() ? Reply.status(200) : script.remove();
      }
      received.add(request);
      if (reply.counts()) count(request);
      arrivals.add(request);
      reply.before().await();
      concurrent.decrementAndGet(); // before the client may send the next one
      answering = true;
      if (reply.status() > 0) exchange.sendResponseHeaders(reply.status(), -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test is over
    } finally {
      if (!answering) concurrent.decrementAndGet();
      exchange.close();
    }
  }

  private void count(Received request) {
    synchronized (counted) {
      Received earlier = counted.putIfAbsent(request.key(), request);
      if (earlier != null && !earlier.body().equals(request.body())) {
        violations.add(earlier.body() + "\n" + request.body());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
