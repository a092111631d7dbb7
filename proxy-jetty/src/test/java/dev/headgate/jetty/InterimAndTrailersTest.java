package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trailers both ways, interim responses, and Expect. */
class InterimAndTrailersTest extends WireTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: localhost\r\n";

  @Test
  void trailersOfRequest() {
    Wire client = client(proxy());
    client.send(
        POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-B: 2\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc\nX-Sum: 1\nX-B: 2", upstream.readChunks());
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());
  }

  @Test
  void trailersOfResponse() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\n\r\n");
    Wire upstream = origin.accept();
    assertEquals("trailers", upstream.readHead().get("TE"));
    for (int i = 0; i < 2; i++) {
      upstream.send(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n");
      assertEquals("abc\ngrpc-status: 0", client.readBody(client.readHead()));
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\n\r\n");
      upstream.readHead();
    }
  }

  /** What belongs to the connection, or could be taken for framing, is no trailer either. */
  @Test
  void trailersThatMustNotTravel() {
    String trailers =
        String.join(
            "\r\n",
            "X-Hop: 1",
            "X-Sum: 2",
            "Connection: X-Too",
            "X-Too: 3",
            "Transfer-Encoding: chunked",
            "Content-Length: 5",
            "Host: evil",
            "Proxy-Authorization: Basic eA==",
            "",
            "");
    String message = "Connection: X-Hop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n";
    Wire client = client(proxy());
    client.send(POST + message + trailers);
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc\nX-Sum: 2", upstream.readChunks());
    upstream.send("HTTP/1.1 200 OK\r\n" + message + trailers);
    assertEquals("abc\nX-Sum: 2", client.readBody(client.readHead()));
  }

  /** A plugin that only looks at the whole body takes nothing away from the message. */
  @Test
  void trailersBehindCollectedBodies() {
    ProxyPlugin collects =
        new ProxyPlugin() {
          @Override
          public PluginMetadata metadata() {
            return PluginMetadata.builder("collects").build();
          }

          @Override
          public Interceptor createInterceptor(PluginContext context) {
            return new Interceptor() {
              @Override
              public RequestDecision onRequest(ProxyContext ctx) {
                return RequestDecision.withBody(1000, body -> RequestDecision.proceed());
              }

              @Override
              public ResponseDecision onResponseHeaders(ProxyContext ctx) {
                return ResponseDecision.withBody(1000, body -> ResponseDecision.proceed());
              }
            };
          }
        };
    Wire client = client(proxy(builder -> builder.plugin(collects)));
    String message = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n";
    client.send(POST + message);
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("abc\ngrpc-status: 0", upstream.readChunks());
    upstream.send("HTTP/1.1 200 OK\r\n" + message);
    assertEquals("abc\ngrpc-status: 0", client.readBody(client.readHead()));
  }

  @Test
  void trailersThatComeLate() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.readHead();
    upstream.sendChunk("abc");
    assertEquals("abc", client.readChunk());
    upstream.send("0\r\nX-Late: ");
    upstream.send("yes\r\n\r\n");
    assertEquals("\nX-Late: yes", client.readChunks());
  }

  @Test
  void trailersForClientThatCannotTakeThem() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
    client.readHead();
    assertEquals("abc", client.readAll());
  }

  @Test
  void interimResponses() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n");
    Wire.Head hints = client.readHead();
    assertEquals(103, hints.status());
    assertEquals(List.of("Link: </a>", "Link: </b>"), hints.fields());
    upstream.send("HTTP/1.1 199 Odd\r\nX: 1\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok("final"));
    Wire.Head odd = client.readHead();
    assertEquals(199, odd.status());
    assertEquals("1", odd.get("X"));
    assertEquals(102, client.readHead().status());
    assertEquals("final", client.readBody(client.readHead()));
  }

  @Test
  void noInterimResponseForHttp10() {
    Wire client = client(proxy());
    client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("final"));
    assertEquals("final", client.readBody(client.readHead()));
  }

  @Test
  void unaskedContinueIsNotPassedOn() {
    Wire client = client(proxy());
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 100 Continue\r\n\r\n" + ok("final"));
    assertEquals("final", client.readBody(client.readHead()));
  }

  @Test
  void expectedContinue() {
    Wire client = client(proxy());
    Wire upstream = null;
    for (int i = 0; i < 3; i++) {
      client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      if (upstream == null) upstream = origin.accept();
      assertEquals("100-continue", upstream.readHead().get("Expect"));
      upstream.send("HTTP/1.1 100 Continue\r\n\r\n");
      assertEquals(100, client.readHead().status());
      client.send("hello");
      assertEquals("hello", upstream.read(5));
      upstream.send(ok("done"));
      assertEquals("done", client.readBody(client.readHead()));
    }
  }

  /** An upstream need not know the expectation, and then waits for the body as well. */
  @Test
  void expectationThatTheUpstreamIgnores() {
    Wire client = client(proxy());
    client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals(100, client.readHead().status());
    client.send("hello");
    assertEquals("hello", upstream.read(5));
    upstream.send(ok("done"));
    assertEquals("done", client.readBody(client.readHead()));
  }

  @Test
  void expectedContinueWithChunks() {
    Wire client = client(proxy());
    client.send(POST + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 100 Continue\r\n\r\n");
    assertEquals(100, client.readHead().status());
    client.send("2\r\nab\r\n0\r\n\r\n");
    assertEquals("ab", upstream.readChunks());
    upstream.send(ok("done"));
    assertEquals("done", client.readBody(client.readHead()));
  }

  @Test
  void refusedExpectation() {
    Wire client = client(proxy());
    client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
    Wire.Head response = client.readHead();
    // An upstream that is slow to answer is one that ignores the expectation.
    if (response.status() == 100) response = client.readHead();
    assertEquals(401, response.status());
    // Nobody knows whether the body will come.
    assertEquals("close", response.get("Connection"));
    assertEquals("no", client.read(2));
    assertEquals("", client.readAll());
    assertEquals("", upstream.readAll());
  }

  @Test
  void bodyThatComesWithoutWaiting() {
    Wire client = client(proxy());
    client.send(POST + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 100 Continue\r\n\r\n");
    assertEquals("hello", upstream.read(5));
    upstream.send(ok("done"));
    Wire.Head head = client.readHead();
    if (head.status() == 100) head = client.readHead();
    assertEquals("done", client.readBody(head));
    assertNull(head.get("Connection"));
  }
}
