package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.core.spi.EngineOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pooled connections: reused, given up when unused, and what happens when the upstream closes one
 * (rule 27).
 */
class RetryTest extends WireTest {
  private static final Duration IDLE = Duration.ofSeconds(2);

  @Override
  EngineOptions options() {
    return new EngineOptions(engineName(), 16, 8 << 20, 64, IDLE, 32 * 1024);
  }

  private Wire exchange(Wire client, Wire before, String target) {
    client.send(get(target));
    Wire upstream = before == null ? origin.accept() : before;
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
    return upstream;
  }

  @Test
  void unusedConnectionIsClosed() {
    Wire client = client(proxy());
    Wire upstream = exchange(client, null, "/");
    upstream.awaitEnd();
    exchange(client, null, "/2");
  }

  @Test
  void connectionThatTheUpstreamClosedMeanwhileIsNotUsed() {
    Wire client = client(proxy());
    for (int i = 0; i < 20; i++) {
      Wire upstream = exchange(client, null, "/" + i);
      upstream.close();
    }
  }

  @Test
  void connectionOnWhichTheUpstreamSaidMoreIsNotUsed() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("x") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    assertEquals("x", client.readBody(client.readHead()));
    upstream.awaitEnd();
    exchange(client, null, "/2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
  void idempotentRequestIsSentOnceMoreOnNewConnection(String method) {
    Wire client = client(proxy());
    Wire upstream = exchange(client, null, "/");
    client.send(method + " /again HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertEquals(method + " /again HTTP/1.1", upstream.readHead().line());
    upstream.close();
    Wire second = origin.accept();
    assertEquals(method + " /again HTTP/1.1", second.readHead().line());
    second.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertEquals(200, client.readHead().status());
  }

  @Test
  void onceOnly() {
    Wire client = client(proxy());
    Wire upstream = exchange(client, null, "/");
    client.send(get("/again"));
    upstream.readHead();
    upstream.close();
    Wire second = origin.accept();
    second.readHead();
    second.close();
    Wire.Head response = client.readHead();
    assertEquals(502, response.status());
    client.readBody(response);
    exchange(client, null, "/3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /again HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PUT /again HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"
      })
  void requestThatIsNotSafeToRepeatIsNotRepeated(String request) {
    Wire client = client(proxy());
    Wire upstream = exchange(client, null, "/");
    client.send(request);
    upstream.readHead();
    upstream.close();
    Wire.Head response = client.readHead();
    assertEquals(502, response.status());
    client.readBody(response);
    exchange(client, null, "/3");
  }

  @Test
  void notAfterTheFirstByteOfAnAnswer() {
    Wire client = client(proxy());
    Wire upstream = exchange(client, null, "/");
    client.send(get("/again"));
    upstream.readHead();
    upstream.send("H");
    upstream.close();
    assertEquals(502, client.readHead().status());
  }

  @Test
  void notOnNewConnection() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.close();
    assertEquals(502, client.readHead().status());
  }
}
