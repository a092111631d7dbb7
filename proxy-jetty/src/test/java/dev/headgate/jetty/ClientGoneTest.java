package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.spi.EngineOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client that leaves ends its exchange, and the upstream's connection with it, at once in every
 * phase.
 */
class ClientGoneTest extends WireTest {
  /** More than a busy machine needs, and less than any deadline that would end it instead. */
  private static final long MILLIS = 4000;

  @Override
  EngineOptions options() {
    return new EngineOptions(engineName(), 16, 8 << 20, 1, Duration.ofSeconds(30), 32 * 1024);
  }

  /** The ways in which a client leaves. */
  static Stream<Named<Consumer<Wire>>> ways() {
    return Stream.of(
        Named.of("close", Wire::close),
        Named.of("reset", Wire::reset),
        Named.of("half-close", Wire::halfClose),
        Named.of(
            "close behind a further request",
            client -> {
              client.send(get("/next"));
              client.close();
            }));
  }

  private static void assertEndsSoon(Wire upstream) {
    long millis = upstream.awaitEnd();
    assertTrue(millis < MILLIS, "the upstream's connection closed after " + millis + " ms");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whileTheUpstreamIsSilent(Consumer<Wire> leave) throws Exception {
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    Wire client = client(proxy(b -> b.plugin(plugin)));
    client.send(get("/silent"));
    Wire upstream = origin.accept();
    upstream.readHead();
    leave.accept(client);
    assertEndsSoon(upstream);
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void betweenTwoPiecesOfTheResponse(Consumer<Wire> leave) {
    Wire client = client(proxy());
    client.send(get("/events"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.readHead();
    upstream.sendChunk("one");
    client.readChunk();
    leave.accept(client);
    assertEndsSoon(upstream);
  }

  @Test
  void whileItDoesNotReadTheResponse() {
    Wire client = client(proxy());
    client.send(get("/big"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
    client.readHead();
    Thread leaver = new Thread(client::reset);
    assertThrows(
        UncheckedIOException.class,
        () -> {
          for (int i = 0; i < 1000; i++) {
            upstream.send(new byte[100_000]);
            if (i == 10) leaver.start();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("ways")
  void insideTheRequestsBody(Consumer<Wire> leave) {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.read(3);
    leave.accept(client);
    assertEndsSoon(upstream);
  }

  @Test
  void insideChunkedRequestsBodyWhichMustNotLookComplete() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.sendChunk("abc");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc", upstream.readChunk());
    client.close();
    String rest;
    try {
      rest = upstream.readAll();
    } catch (UncheckedIOException e) {
      rest = "";
    }
    assertEquals("", rest);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whileTheRequestsBodyIsNotWanted(Consumer<Wire> leave) {
    Wire client = client(proxy());
    // The upstream has not said 100, so nobody reads what the client sends nevertheless.
    client.send(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\nExpect: 100-continue\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals("100-continue", upstream.readHead().get("Expect"));
    client.send("x".repeat(5000));
    leave.accept(client);
    assertEndsSoon(upstream);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whilePluginCollectsTheBody(Consumer<Wire> leave) throws Exception {
    TestPlugin plugin =
        new TestPlugin(ctx -> RequestDecision.withBody(1 << 20, body -> RequestDecision.proceed()));
    Wire client = client(proxy(b -> b.plugin(plugin)));
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc");
    leave.accept(client);
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whilePluginDecidesLater(Consumer<Wire> leave) throws Exception {
    CompletableFuture<RequestDecision> later = new CompletableFuture<>();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    TestPlugin plugin =
        new TestPlugin(
            ctx -> {
              asked.complete(null);
              return RequestDecision.later(later);
            });
    Wire client = client(proxy(b -> b.plugin(plugin)));
    client.send(get("/"));
    asked.join();
    long start = System.nanoTime();
    leave.accept(client);
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
    assertTrue(System.nanoTime() - start < MILLIS * 1_000_000);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whileItWaitsForConnection(Consumer<Wire> leave) throws Exception {
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    Proxy proxy = proxy(b -> b.plugin(plugin));
    Wire first = client(proxy);
    first.send(get("/first"));
    Wire upstream = origin.accept();
    upstream.readHead();
    Wire second = client(proxy);
    second.send(get("/second"));
    leave.accept(second);
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
    upstream.send(ok("1"));
    assertEquals("1", first.readBody(first.readHead()));
    first.send(get("/third"));
    assertEquals("GET /third HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("3"));
    assertEquals("3", first.readBody(first.readHead()));
  }

  @Test
  void whileTheUpstreamIsBeingConnected() throws Exception {
    try (FullBacklog full = new FullBacklog()) {
      TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
      Wire client = client(proxy(b -> b.plugin(plugin).route("/full/**", full.uri())));
      client.send(get("/full/x"));
      client.close();
      assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
    }
  }
}
