package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.config.Timeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client must not send: refused in the proxy's own words, and the connection closed. */
class MalformedTest extends WireTest {
  private static final String HOST = "Host: localhost\r\n";

  private void assertRefused(String request, int status, String code) {
    Wire client = client(proxy());
    client.send(request);
    assertRefusal(client, status, code);
  }

  private static void assertRefusal(Wire client, int status, String code) {
    Wire.Head response = client.readHead();
    String body = client.readBody(response);
    assertEquals(status, response.status(), body);
    assertEquals("application/problem+json", response.get("Content-Type"));
    assertTrue(body.contains("\"code\":\"" + code + "\""), body);
    assertEquals("close", response.get("Connection"));
    assertNull(response.get("Server"));
    assertFalse(body.contains("etty"), body);
    assertEquals("", client.readAll());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / http/1.1\r\n" + HOST + "\r\n",
        "GET / Http/1.1\r\n" + HOST + "\r\n",
        "GET  / HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /  HTTP/1.1\r\n" + HOST + "\r\n",
        " GET / HTTP/1.1\r\n" + HOST + "\r\n",
        "GET / HTTP/1.1 \r\n" + HOST + "\r\n",
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        "G@T / HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /\u00e9 HTTP/1.1\r\n" + HOST + "\r\n",
        "GET /\u0001 HTTP/1.1\r\n" + HOST + "\r\n",
        "GET / HTTP/1.1\n" + HOST + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      })
  void malformedHeads(String request) {
    assertRefused(request, 400, "bad_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.2\r\n" + HOST + "\r\n",
        "GET / HTTP/2.0\r\n" + HOST + "\r\n",
        "GET / HTTP/3\r\n" + HOST + "\r\n"
      })
  void otherVersions(String request) {
    assertRefused(request, 505, "version_not_supported");
  }

  @Test
  void requestLineOverItsLimit() {
    assertRefused(
        "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414, "uri_too_long");
  }

  @Test
  void requestLineWithoutAnEnd() {
    assertRefused("GET /" + "x".repeat(100_000), 414, "uri_too_long");
  }

  @Test
  void requestLineAtItsLimit() {
    Wire client = client(proxy());
    String target = "/" + "x".repeat(8192 - "GET  HTTP/1.1".length() - 1);
    client.send(get(target));
    Wire upstream = origin.accept();
    assertEquals("GET " + target + " HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("x"));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void fieldsOverTheirLimit() {
    assertRefused(
        "GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(17_000) + "\r\n\r\n",
        431,
        "fields_too_large");
  }

  @Test
  void fieldsWithoutAnEnd() {
    assertRefused(
        "GET / HTTP/1.1\r\n" + HOST + "X-Field: y\r\n".repeat(100_000), 431, "fields_too_large");
  }

  @Test
  void fieldsBelowTheirLimit() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(16_000) + "\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals(16_000, upstream.readHead().get("X").length());
    upstream.send(ok("x"));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void goodRequestBeforeBadOneIsAnswered() {
    Wire client = client(proxy());
    client.send(get("/good") + "GET / http/1.1\r\n" + HOST + "\r\n");
    Wire upstream = origin.accept();
    assertEquals("GET /good HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("good"));
    assertEquals("good", client.readBody(client.readHead()));
    assertRefusal(client, 400, "bad_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"xyz\r\n", "3\r\nabcd\r\n", "3\nabc\r\n", "-1\r\n", "3 \u0001\r\nabc\r\n"})
  void malformedChunks(String chunk) {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    client.send(chunk);
    Wire.Head response = client.readHead();
    assertEquals(400, response.status());
    assertEquals("close", response.get("Connection"));
    client.readBody(response);
    assertEquals("", client.readAll());
    // The upstream must not take it for a complete request.
    String seen = upstream.readAll();
    assertFalse(seen.contains("0\r\n\r\n"), seen);
  }

  @Test
  void unknownTransferCoding() {
    Wire client = client(proxy());
    client.send(
        "POST / HTTP/1.1\r\n"
            + HOST
            + "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    Wire.Head response = client.readHead();
    assertEquals(501, response.status());
  }

  @Test
  void unknownExpectation() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\n" + HOST + "Expect: magic\r\nContent-Length: 3\r\n\r\nabc");
    assertEquals(417, client.readHead().status());
  }

  @Test
  void emptyLinesBeforeRequestsAreIgnored() {
    Wire client = client(proxy());
    client.send("\r\n\r\n" + get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
    client.send("\r\n" + get("/2"));
    upstream.readHead();
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
  }

  // --- slow clients

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET / HTT", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: local"})
  void slowHead(String part) {
    Timeouts timeouts = Timeouts.builder().requestHead(Duration.ofMillis(200)).build();
    Wire client = client(proxy(b -> b.timeouts(timeouts)));
    client.send(part);
    assertRefusal(client, 408, "request_timeout");
  }

  @Test
  void slowHeadAfterAnExchange() {
    Timeouts timeouts = Timeouts.builder().requestHead(Duration.ofMillis(200)).build();
    Wire client = client(proxy(b -> b.timeouts(timeouts)));
    client.send(get("/") + "GET /ne");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
    assertRefusal(client, 408, "request_timeout");
  }

  @Test
  void unusedConnectionIsClosedWithoutAWord() {
    Timeouts timeouts = Timeouts.builder().keepAlive(Duration.ofSeconds(1)).build();
    var proxy = proxy(b -> b.timeouts(timeouts));
    assertEquals("", client(proxy).readAll());
    Wire client = client(proxy);
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
    assertEquals("", client.readAll());
  }

  @Test
  void neitherTimeoutEndsAnExchange() throws Exception {
    Timeouts timeouts =
        Timeouts.builder()
            .keepAlive(Duration.ofSeconds(1))
            .requestHead(Duration.ofSeconds(1))
            .build();
    var proxy = proxy(b -> b.timeouts(timeouts));
    Wire client = client(proxy);
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    // A second connection's own timeout shows that the time has passed.
    assertEquals("", client(proxy).readAll());
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
  }
}
