package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.route.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong behind the proxy: the right status and a body that tells nothing it should
 * not.
 */
class FaultsTest extends WireTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  /** Where the upstream must have been reached before. */
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Reads an error and checks its form; returns its body. */
  private String assertError(Wire client, int status, String code) {
    Wire.Head response = client.readHead();
    String body = client.readBody(response);
    assertEquals(status, response.status(), body);
    assertEquals("application/problem+json", response.get("Content-Type"));
    assertNotNull(response.get("Proxy-Status"));
    assertTrue(body.contains("\"code\":\"" + code + "\""), body);
    assertTrue(body.contains("\"requestId\":\""), body);
    for (String secret : new String[] {"127.0.0.1", "localhost", "xception", "java.", "jetty"}) {
      assertFalse(body.contains(secret), body);
      assertFalse(response.fields().toString().contains(secret), response.toString());
    }
    return body;
  }

  @Test
  void refused() throws IOException {
    // Bound, so that nobody else gets the port, but not listening.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Wire client = client(proxy(b -> b.route("/x", "http://127.0.0.1:" + held.getLocalPort())));
      for (int i = 0; i < 3; i++) {
        client.send(get("/x"));
        assertError(client, 502, "connect_failed");
      }
    }
  }

  @Test
  void unknownHost() {
    Wire client = client(proxy(b -> b.route("/x", "http://no-such-host.invalid")));
    client.send(get("/x"));
    assertError(client, 502, "dns_error");
  }

  @Test
  void connectTimeout() throws IOException {
    try (FullBacklog full = new FullBacklog()) {
      Timeouts timeouts = Timeouts.builder().connect(SHORT).build();
      Wire client = client(proxy(b -> b.route("/x", full.uri()).timeouts(timeouts)));
      client.send(get("/x"));
      assertError(client, 504, "connect_timeout");
    }
  }

  @Test
  void resetBeforeTheHead() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.reset();
    assertError(client, 502, "upstream_aborted");
    client.send(get("/next"));
    upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Le"})
  void endBeforeTheHeadIsComplete(String part) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(part);
    upstream.close();
    assertError(client, 502, "upstream_aborted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "\rHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"
      })
  void malformedResponse(String response) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(response);
    assertError(client, 502, "upstream_protocol");
    upstream.awaitEnd();
  }

  @Test
  void toleratesBareLineFeedsAndSpaceBeforeColonInResponses() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\nContent-Length : 2\nX-A : b\n\nhi");
    Wire.Head response = client.readHead();
    assertEquals("b", response.get("X-A"));
    assertEquals("hi", client.readBody(response));
  }

  @Test
  void responseHeadOverItsLimit() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
    assertError(client, 502, "response_too_large");
  }

  @Test
  void responseHeadBelowItsLimit() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + "x".repeat(30_000) + "\r\n\r\n");
    assertEquals(30_000, client.readHead().get("X").length());
  }

  // --- visible unclean ends (rule 22)

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void bodyWithLengthThatEndsEarly(boolean reset) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    assertEquals("10", client.readHead().get("Content-Length"));
    assertEquals("abc", client.read(3));
    end(upstream, reset);
    client.awaitEnd();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void chunkedBodyWithoutItsLastChunk(boolean reset) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    upstream.sendChunk("abc");
    client.readHead();
    assertEquals("abc", client.readChunk());
    end(upstream, reset);
    assertEquals("", client.readAll());
  }

  static Stream<String> brokenChunk() {
    return Stream.of(
        "xyz\r\n",
        "1;" + "x".repeat(60_000) + "\r\na\r\n", // extensions over the limit of a head
        "0\r\nX: " + "x".repeat(60_000) + "\r\n\r\n"); // trailers as well
  }

  @ParameterizedTest
  @MethodSource
  void brokenChunk(String broken) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    upstream.sendChunk("abc");
    client.readHead();
    assertEquals("abc", client.readChunk());
    upstream.send(broken);
    assertEquals("", client.readAll());
    upstream.awaitEnd();
  }

  @Test
  void resetOfBodyThatEndsWithItsConnection() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\n\r\nabc");
    assertEquals("chunked", client.readHead().get("Transfer-Encoding"));
    assertEquals("abc", client.readChunk());
    upstream.reset();
    assertEquals("", client.readAll());
  }

  @Test
  void http10ClientSeesResetWhereTheUpstreamBreaksOff() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    upstream.sendChunk("abc");
    client.readHead();
    assertEquals("abc", client.read(3));
    upstream.close();
    assertTrue(client.endsWithReset(), "a plain end would look like a complete body");
  }

  private static void end(Wire upstream, boolean reset) {
    if (reset) {
      upstream.reset();
    } else {
      upstream.close();
    }
  }

  // --- timeouts

  @Test
  void firstByteTimeout() {
    Route patient =
        Route.builder("/next").target(origin.uri()).timeouts(Timeouts.defaults()).build();
    Timeouts timeouts = Timeouts.builder().firstByte(SHORT).build();
    Wire client = client(proxy(b -> b.timeouts(timeouts).route(patient)));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    assertError(client, 504, "first_byte_timeout");
    upstream.awaitEnd();
    client.send(get("/next"));
    upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void responseIdleTimeout() {
    Wire client = client(proxy(b -> b.timeouts(Timeouts.builder().responseIdle(SHORT).build())));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    client.readHead();
    assertEquals("abc", client.readChunk());
    assertEquals("", client.readAll());
    upstream.awaitEnd();
  }

  @Test
  void requestIdleTimeout() {
    Wire client = client(proxy(b -> b.timeouts(Timeouts.builder().requestIdle(SECOND).build())));
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.read(3);
    assertError(client, 408, "request_timeout");
    upstream.awaitEnd();
  }

  @Test
  void sendTimeout() {
    Proxy proxy = proxy(b -> b.timeouts(Timeouts.builder().sendIdle(SHORT).build()));
    Wire client = client(proxy);
    Thread sender =
        new Thread(
            () -> {
              try {
                client.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n");
                for (int i = 0; i < 900; i++) client.send(new byte[100_000]);
              } catch (RuntimeException e) {
                // The proxy closes when it has answered.
              }
            });
    sender.start();
    Wire upstream = origin.accept();
    assertError(client, 504, "send_timeout");
    upstream.awaitEnd();
  }

  @Test
  void clientThatTakesNothing() {
    Proxy proxy = proxy(b -> b.timeouts(Timeouts.builder().clientIdle(SHORT).build()));
    Wire client = opened(Wire.connect(proxy.port(), 4096));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    Thread sender =
        new Thread(
            () -> {
              try {
                upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n");
                for (int i = 0; i < 900; i++) upstream.send(new byte[100_000]);
              } catch (RuntimeException e) {
                // The proxy closes.
              }
            });
    sender.start();
    upstream.awaitEnd();
  }

  @Test
  void totalTimeout() {
    Wire client = client(proxy(b -> b.timeouts(Timeouts.builder().total(SECOND).build())));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    assertError(client, 504, "total_timeout");
    upstream.awaitEnd();
  }

  // --- the proxy itself

  @Test
  void noRoute() {
    Proxy proxy = opened(Proxy.builder().engine(engine).route("/only/**", origin.uri()).start());
    Wire client = client(proxy);
    client.send(get("/other"));
    assertError(client, 404, "no_route");
    client.send(get("/only/x"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
    assertWorks(client, upstream, "/only/y");
  }

  private static void assertWorks(Wire client, Wire upstream, String target) {
    client.send(get(target));
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void errorForHeadHasNoBody() {
    Proxy proxy = opened(Proxy.builder().engine(engine).route("/only/**", origin.uri()).start());
    Wire client = client(proxy);
    client.send("HEAD /other HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/other"));
    assertEquals(404, client.readHead().status());
    assertError(client, 404, "no_route");
  }

  @Test
  void stoppingProxyEndsWhatIsUnderWayAndRefusesMore() {
    Proxy proxy = proxy();
    Wire busy = client(proxy);
    busy.send(get("/slow"));
    Wire upstream = origin.accept();
    upstream.readHead();
    Wire idle = client(proxy);
    idle.send(get("/x"));
    Wire other = origin.accept();
    other.readHead();
    other.send(ok("x"));
    idle.readBody(idle.readHead());
    CompletionStage<Void> stopped = proxy.stopAsync(Duration.ofSeconds(20));
    // An idle connection is closed at once, one with an exchange when that has ended.
    assertEquals("", idle.readAll());
    upstream.send(ok("slow"));
    Wire.Head response = busy.readHead();
    assertEquals("close", response.get("Connection"));
    assertEquals("slow", busy.readBody(response));
    assertEquals("", busy.readAll());
    stopped.toCompletableFuture().join();
  }

  @Test
  void stoppingProxyAbortsWhatTakesTooLong() {
    Proxy proxy = proxy();
    Wire client = client(proxy);
    client.send(get("/slow"));
    Wire upstream = origin.accept();
    upstream.readHead();
    proxy.stopAsync(SHORT);
    assertError(client, 503, "stopping");
    upstream.awaitEnd();
  }
}
