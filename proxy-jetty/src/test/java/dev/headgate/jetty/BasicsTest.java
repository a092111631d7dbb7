package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request and one response, in each framing, and one after the other on a connection. */
class BasicsTest extends WireTest {
  @Test
  void passesRequestAndResponse() {
    Wire client = client(proxy());
    client.send(
        "GET /a/b?c=d HTTP/1.1\r\nHost: localhost\r\nUser-Agent: me\r\nX-A: 1\r\nX-A: 2\r\n\r\n");
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GET /a/b?c=d HTTP/1.1", request.line());
    assertEquals("127.0.0.1:" + origin.port(), request.get("Host"));
    assertEquals("me", request.get("User-Agent"));
    assertEquals("1|2", request.get("X-A"));
    assertNull(request.get("Content-Length"));
    assertNull(request.get("Transfer-Encoding"));
    assertNull(request.get("Accept-Encoding"));
    upstream.send("HTTP/1.1 201 Whatever\r\nContent-Length: 2\r\nX-B: 1\r\nX-B: 2\r\n\r\nhi");
    Wire.Head response = client.readHead();
    assertEquals("HTTP/1.1 201 Created", response.line());
    assertEquals(List.of("Content-Length: 2", "X-B: 1", "X-B: 2"), response.fields());
    assertEquals("hi", client.read(2));
  }

  @Test
  void passesBodyWithLength() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("5", request.get("Content-Length"));
    assertNull(request.get("Content-Type"));
    assertEquals("hello", upstream.read(5));
    upstream.send(ok("done"));
    assertEquals("done", client.readBody(client.readHead()));
  }

  @Test
  void passesChunkedBodies() {
    Wire client = client(proxy());
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.sendChunk("abc");
    Wire upstream = origin.accept();
    assertEquals("chunked", upstream.readHead().get("Transfer-Encoding"));
    assertEquals("abc", upstream.readChunk());
    client.send("4;ext=\"x\"\r\ndefg\r\n0\r\n\r\n");
    assertEquals("defg", upstream.readChunks());
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n");
    Wire.Head response = client.readHead();
    assertEquals("xyz", client.readBody(response));
  }

  @Test
  void keepsBothConnections() {
    Wire client = client(proxy());
    client.send(get("/1"));
    Wire upstream = origin.accept();
    for (int i = 1; i <= 100; i++) {
      assertEquals("GET /" + i + " HTTP/1.1", upstream.readHead().line());
      upstream.send(ok("r" + i));
      assertEquals("r" + i, client.readBody(client.readHead()));
      client.send(get("/" + (i + 1)));
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    Wire client = client(proxy());
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      all.append(get("/" + i));
      String body = "x".repeat(i);
      all.append("POST /p").append(i).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ");
      all.append(i).append("\r\n\r\n").append(body);
    }
    origin.serve(
        wire -> {
          while (true) {
            Wire.Head head = wire.readHead();
            String length = head.get("Content-Length");
            String body = length == null ? "" : wire.read(Integer.parseInt(length));
            wire.send(ok(head.line() + " " + body.length()));
          }
        });
    Thread sender = new Thread(() -> client.send(all.toString()));
    sender.start();
    for (int i = 0; i < 300; i++) {
      assertEquals("GET /" + i + " HTTP/1.1 0", client.readBody(client.readHead()));
      assertEquals("POST /p" + i + " HTTP/1.1 " + i, client.readBody(client.readHead()));
    }
  }

  @Test
  void splitsAtAnyByte() {
    String chunks = "3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n";
    String fields = "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    String request = "POST /x HTTP/1.1\r\n" + fields + chunks;
    String response = "HTTP/1.1 200 OK\r\n" + fields + "1\r\nf\r\n2\r\ngh\r\n0\r\n\r\n";
    Wire client = client(proxy());
    Wire upstream = null;
    for (int cut = 1; cut < request.length(); cut++) {
      client.send(request.substring(0, cut));
      client.send(request.substring(cut));
      if (upstream == null) upstream = origin.accept();
      upstream.readHead();
      assertEquals("abcde\nX-T: 1", upstream.readChunks());
      int at = Math.min(cut, response.length() - 1);
      upstream.send(response.substring(0, at));
      upstream.send(response.substring(at));
      assertEquals("fgh", client.readBody(client.readHead()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a?x=|{}&y=%7c", "/a%2Fb", "/?", "/x?", "/a;b=c/d"})
  void forwardsTargetByteForByte(String target) {
    Wire client = client(proxy());
    client.send(get(target));
    Wire upstream = origin.accept();
    assertEquals("GET " + target + " HTTP/1.1", upstream.readHead().line());
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void keepsMethodAsSent() {
    Wire client = client(proxy());
    client.send("get / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals("get / HTTP/1.1", upstream.readHead().line());
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void headHasNoBodyAndKeepsItsLength() {
    Wire client = client(proxy());
    client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n");
    assertEquals("12345", client.readHead().get("Content-Length"));
    client.send(get("/next"));
    assertEquals("GET /next HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void statusWithoutBody(int status) {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 " + status + " X\r\nETag: \"a\"\r\n\r\n");
    Wire.Head response = client.readHead();
    assertEquals(status, response.status());
    assertEquals(List.of("ETag: \"a\""), response.fields());
    client.send(get("/next"));
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void bodyThatEndsWithTheUpstreamsConnection() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.0 200 OK\r\n\r\nall of it");
    upstream.close();
    Wire.Head response = client.readHead();
    assertEquals("chunked", response.get("Transfer-Encoding"));
    assertEquals("all of it", client.readBody(response));
    client.send(get("/next"));
    upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void http10ClientGetsNoChunks() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals("GET / HTTP/1.1", upstream.readHead().line());
    upstream.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    Wire.Head response = client.readHead();
    assertNull(response.get("Transfer-Encoding"));
    assertEquals("close", response.get("Connection"));
    assertEquals("abcde", client.readAll());
  }

  @Test
  void http10ClientMayKeepItsConnection() {
    Wire client = client(proxy());
    Wire upstream = null;
    for (int i = 0; i < 3; i++) {
      client.send("GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
      if (upstream == null) upstream = origin.accept();
      upstream.readHead();
      upstream.send(ok("abc"));
      Wire.Head response = client.readHead();
      assertEquals("keep-alive", response.get("Connection"));
      assertEquals("abc", client.readBody(response));
    }
  }

  @Test
  void connectionCloseIsHonoured() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Connection"));
    upstream.send(ok("abc"));
    Wire.Head response = client.readHead();
    assertEquals("close", response.get("Connection"));
    assertEquals("abc", client.readAll());
  }

  @Test
  void upstreamThatClosesIsNotReused() {
    Wire client = client(proxy());
    for (int i = 0; i < 3; i++) {
      client.send(get("/"));
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
      Wire.Head response = client.readHead();
      assertNull(response.get("Connection"));
      assertEquals("x", client.readBody(response));
      upstream.awaitEnd();
    }
  }

  @Test
  void addsNothingToAResponse() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertEquals(List.of("Content-Length: 0"), client.readHead().fields());
  }

  @Test
  void valuesKeepTheirCaseAndBytes() {
    Wire client = client(proxy());
    client.send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: GZIP, Deflate\r\nX-Latin: \u00e9\u00ff\r\n\r\n");
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GZIP, Deflate", request.get("Accept-Encoding"));
    assertEquals("\u00e9\u00ff", request.get("X-Latin"));
    upstream.send(
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: Text/HTML; Charset=UTF-8\r\nX: \u00e9\r\n\r\n");
    Wire.Head response = client.readHead();
    assertEquals("Text/HTML; Charset=UTF-8", response.get("Content-Type"));
    assertEquals("\u00e9", response.get("X"));
  }

  @Test
  void javaHttpClient() throws Exception {
    origin.serve(
        wire -> {
          while (true) {
            Wire.Head head = wire.readHead();
            String body = head.line().startsWith("POST") ? wire.readBody(head) : "";
            wire.send(ok(head.line() + body));
          }
        });
    Proxy proxy = proxy();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(proxy.uri() + "/j" + i))
                  .POST(HttpRequest.BodyPublishers.ofString("body" + i))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals("POST /j" + i + " HTTP/1.1body" + i, response.body());
    }
  }

  @Test
  void largeBodiesArriveWhole() throws Exception {
    byte[] large = new byte[5 << 20];
    new java.util.Random(1).nextBytes(large);
    origin.serve(
        wire -> {
          while (true) {
            Wire.Head head = wire.readHead();
            String body = wire.readBody(head);
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < body.length(); at += 50_000) {
              wire.sendChunk(body.substring(at, Math.min(body.length(), at + 50_000)));
            }
            wire.send("0\r\n\r\n");
          }
        });
    Proxy proxy = proxy();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(proxy.uri())
                  .POST(HttpRequest.BodyPublishers.ofByteArray(large))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertEquals(200, response.statusCode());
      assertTrue(java.util.Arrays.equals(large, response.body()));
    }
  }
}
