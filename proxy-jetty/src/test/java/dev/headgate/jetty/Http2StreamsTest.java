package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.tls.LeafCertificates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams beside each other, tunnels as streams, and upstreams that break the protocol. */
class Http2StreamsTest extends Http2WireTest {
  /** RFC 9113 section 8.1: what comes with each answer, however many there are, is no flood. */
  @Test
  @Timeout(300) // thousands of exchanges, one after the other
  void upstreamMayResetEachStreamAfterItsAnswer() {
    Frames client = h2(h2Proxy());
    client.post(1, "/x/");
    Frames at = upstream();
    int calls = 12_000; // more than a burst
    for (int i = 0; i < calls; i++) {
      int id = 1 + 2 * i;
      assertEquals(id, at.await(Frames.HEADERS).stream());
      answer(at, id, "no");
      at.reset(id, 0);
      client.data(id, true, "x");
      assertEquals("no", answerOf(client, id));
      if (i + 1 < calls) client.post(id + 2, "/x/");
    }
  }

  @Test
  void hundredStreamsShareOneConnectionAndEndInAnyOrder() {
    Frames client = h2(h2Proxy());
    for (int i = 0; i < 100; i++) client.get(1 + 2 * i, "/x/" + i);
    Frames at = upstream();
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 100; i++) paths.add(at.await(Frames.HEADERS).get(":path"));
    // All of them wait for the first connection: none opens one of its own.
    for (int i = 99; i >= 0; i--) answer(at, 1 + 2 * i, paths.get(i));
    // Frames of different streams may come between each other.
    Map<Integer, String> bodies = new HashMap<>();
    int ended = 0;
    while (ended < 100) {
      Frames.Frame frame = client.next();
      assertNotEquals(Frames.RST_STREAM, frame.type());
      if (frame.type() == Frames.DATA) bodies.merge(frame.stream(), frame.text(), String::concat);
      if (frame.stream() > 0 && frame.ends()) ended++;
    }
    for (int i = 0; i < 100; i++) assertEquals("/x/" + i, bodies.get(1 + 2 * i));
  }

  @Test
  void callsBeyondTheUpstreamsLimitGetAFurtherConnection() {
    Frames client = h2(h2Proxy());
    client.get(1, "/x/1");
    Frames first = upstream(MAX_CONCURRENT_STREAMS, 1);
    first.await(Frames.HEADERS);
    client.ping().await(Frames.PING);
    answer(first, 1, "a");
    assertEquals("a", answerOf(client, 1));
    // The upstream's settings are known by now.
    client.get(3, "/x/3");
    first.await(Frames.HEADERS);
    client.get(5, "/x/5");
    Frames second = upstream();
    assertEquals("/x/5", second.await(Frames.HEADERS).get(":path"));
    answer(second, 1, "c");
    assertEquals("c", answerOf(client, 5));
    answer(first, 3, "b");
    assertEquals("b", answerOf(client, 3));
  }

  // --- CONNECT (RFC 9113 section 8.5)

  @Test
  void connectIsRefusedWhereThereAreNoTunnels() {
    Frames client = h2(h2Proxy());
    for (int stream : new int[] {1, 3}) {
      client.head(stream, stream == 3, ":method: CONNECT", ":authority: elsewhere.test:443");
      assertEquals(501, client.of(stream).status());
      assertTrue(client.body(stream).contains("not_implemented"));
    }
    client.ping().await(Frames.PING);
  }

  private ForwardOptions forward() {
    return ForwardOptions.builder()
        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
        .connectPorts(origin.port())
        .build();
  }

  private Frames connected() {
    Frames client = h2(proxy(b -> b.forward(forward())));
    return client.head(1, false, ":method: CONNECT", ":authority: 127.0.0.1:" + origin.port());
  }

  @Test
  void connectOpensATunnelWhoseDirectionsEndByThemselves() {
    Frames client = connected();
    Wire at = origin.accept();
    Frames.Frame head = client.of(1);
    assertEquals(200, head.status());
    assertEquals(List.of(":status: 200"), head.fields());
    client.data(1, false, "ping");
    assertEquals("ping", at.read(4));
    at.send("pong");
    assertEquals("pong", client.of(1).text());
    client.data(1, true, "last");
    assertEquals("last", at.readAll());
    at.send("more");
    assertEquals("more", client.of(1).text());
    at.close();
    assertEquals("", client.body(1));
  }

  /** RFC 9113 section 8.5: END_STREAM stands for the FIN of TCP, also in the first frame. */
  @Test
  void connectMayEndItsDirectionAtOnce() {
    Frames client = h2(proxy(b -> b.forward(forward())));
    client.head(1, true, ":method: CONNECT", ":authority: 127.0.0.1:" + origin.port());
    Wire at = origin.accept();
    assertEquals("", at.readAll());
    at.send("all the same");
    at.close();
    assertEquals(200, client.of(1).status());
    assertEquals("all the same", client.body(1));
  }

  /** Such a stream has no frames but DATA and those of the connection (RFC 9113 section 8.5). */
  @Test
  void trailersOfATunnelAreAnError() {
    Frames client = connected();
    Wire at = origin.accept();
    assertEquals(200, client.of(1).status());
    client.data(1, false, "ping");
    assertEquals("ping", at.read(4));
    client.head(1, true, "a: b");
    Frames.Frame reset = client.of(1);
    assertEquals(Frames.RST_STREAM, reset.type());
    assertEquals(Frames.PROTOCOL_ERROR, reset.code());
    at.awaitEnd();
  }

  @Test
  void connectThatEndsItsDirectionAtOnceMayBeRefused() {
    Frames client = h2(proxy(b -> b.forward(forward())));
    client.head(1, true, ":method: CONNECT", ":authority: 127.0.0.1:1");
    assertEquals(403, client.of(1).status());
    assertTrue(client.body(1).contains("connect_denied"));
    client.ping().await(Frames.PING);
  }

  @Test
  void tunnelThatCanNotBeLookedIntoIsRefusedAndNotPassed() {
    LeafCertificates leaves =
        new LeafCertificates() {
          @Override
          public CompletionStage<SSLContext> context(String host, Executor executor) {
            throw new AssertionError("nothing is looked into");
          }

          @Override
          public String authorityPem() {
            return "";
          }
        };
    InspectOptions inspect = InspectOptions.builder(leaves).hosts("*").build();
    Frames client = h2(proxy(b -> b.forward(forward()).inspect(inspect)));
    client.head(1, true, ":method: CONNECT", ":authority: 127.0.0.1:" + origin.port());
    assertEquals(501, client.of(1).status());
    assertTrue(client.body(1).contains("not_implemented"));
  }

  @Test
  void tunnelThatBreaksIsAConnectError() {
    Frames client = connected();
    Wire at = origin.accept();
    assertEquals(200, client.of(1).status());
    at.reset();
    Frames.Frame reset = client.of(1);
    assertEquals(Frames.RST_STREAM, reset.type());
    assertEquals(10, reset.code());
  }

  @Test
  void tunnelIsBrokenOffWithItsStream() {
    Frames client = connected();
    Wire at = origin.accept();
    assertEquals(200, client.of(1).status());
    client.reset(1, Frames.CANCEL);
    at.awaitEnd();
  }

  // --- what an upstream sends

  /** An upstream that closes behind a whole response has not broken it off. */
  @Test
  void wholeResponseSurvivesItsConnection() {
    Frames client = h2(h2Proxy(), INITIAL_WINDOW_SIZE, 10).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    for (int i = 0; i < 4; i++) at.data(1, false, new byte[10_000]);
    at.data(1, true, "end");
    assertEquals(200, client.of(1).status());
    at.close();
    client.window(1, 100_000);
    String body = client.body(1);
    assertEquals(40_003, body.length());
    assertTrue(body.endsWith("end"));
  }

  /** RFC 9113 section 8.1: a server that needs no more of the request says so by NO_ERROR. */
  @Test
  void resetBehindAWholeResponseIsNoFailure() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, false, "abc");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.await(Frames.DATA);
    at.head(1, false, ":status: 200").data(1, false, "fine").data(1, true, "");
    at.reset(1, Frames.NO_ERROR);
    assertEquals("fine", answerOf(client, 1));
    assertEquals(Frames.NO_ERROR, client.await(Frames.RST_STREAM).code());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304})
  void answerWithoutABodyThatDoesNotEndGivesItsStreamBack(int status) {
    Frames client = h2(h2Proxy());
    String method = status == 200 ? "HEAD" : "GET";
    client.head(
        1, true, ":method: " + method, ":scheme: http", ":authority: localhost", ":path: /x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: " + status);
    Frames.Frame head = client.of(1);
    assertEquals(status, head.status());
    assertTrue(head.ends());
    assertEquals(Frames.CANCEL, at.await(Frames.RST_STREAM).code());
    client.get(3, "/x/");
    assertEquals(3, at.await(Frames.HEADERS).stream());
    // An end that comes by itself is one.
    at.head(3, false, ":status: 204").data(3, true, "").ping();
    assertEquals(Frames.PING, at.next().type());
    assertEquals(204, client.of(3).status());
  }

  @Test
  void upstreamsCancelIsPassedOn() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200").data(1, false, "abc");
    assertEquals(200, client.of(1).status());
    assertEquals("abc", client.of(1).text());
    at.reset(1, Frames.CANCEL);
    assertEquals(Frames.CANCEL, client.of(1).code());
  }

  private static Arguments bad(String name, String error, Consumer<Frames> sends) {
    return Arguments.of(name, error, sends);
  }

  static Stream<Arguments> badResponses() {
    String malformed = "upstream_protocol";
    return Stream.of(
        bad("no :status", malformed, at -> at.head(1, true, "a: b")),
        bad("a request", malformed, at -> at.head(1, true, ":method: GET", ":path: /")),
        bad("101", malformed, at -> at.head(1, false, ":status: 101")),
        bad("an interim response that ends", malformed, at -> at.head(1, true, ":status: 103")),
        bad("a name in upper case", malformed, at -> at.head(1, true, ":status: 200", "A: b")),
        bad("Connection", malformed, at -> at.head(1, true, ":status: 200", "connection: close")),
        bad(
            "Transfer-Encoding",
            malformed,
            at -> at.head(1, true, ":status: 200", "transfer-encoding: chunked")),
        bad(
            "a length without a body",
            malformed,
            at -> at.head(1, true, ":status: 200", "content-length: 5")),
        bad(
            "a head over the limit",
            "response_too_large",
            at -> {
              String field = "a: " + "b".repeat(15_000);
              at.send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(":status: 200", field));
              at.send(Frames.CONTINUATION, 0, 1, Frames.block(field));
              at.send(Frames.CONTINUATION, Frames.END_HEADERS, 1, Frames.block(field));
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badResponses")
  void badResponseIs502(String name, String error, Consumer<Frames> sends) {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    sends.accept(at);
    assertEquals(502, client.of(1).status());
    String problem = client.body(1);
    assertTrue(problem.contains(error) || problem.contains("upstream_aborted"), () -> problem);
  }

  @Test
  void headOfUpstreamThatNeverEndsIs502() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.send(Frames.HEADERS, 0, 1, Frames.block(":status: 200"));
    Thread flood =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 100_000; i++) {
                  at.send(Frames.CONTINUATION, 0, 1, Frames.block("a: " + "b".repeat(8000)));
                }
              } catch (java.io.UncheckedIOException e) {
                // It ended it.
              }
            });
    flood.start();
    assertEquals(502, client.of(1).status());
  }

  @Test
  void upstreamThatPushesIsCutOff() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.send(
        Frames.PUSH_PROMISE,
        Frames.END_HEADERS,
        1,
        concat(new byte[] {0, 0, 0, 2}, Frames.block(":method: GET", ":scheme: http", ":path: /")));
    assertEquals(Frames.PROTOCOL_ERROR, at.awaitGoAway());
    assertEquals(502, client.of(1).status());
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void upstreamThatSpeaksHttp1Is502() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Wire at = origin.accept();
    at.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    assertEquals(502, client.of(1).status());
  }
}
