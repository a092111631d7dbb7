package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.tls.LeafCertificates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams beside each other, windows, GOAWAY, and upstreams that refuse or break the protocol. */
class Http2StreamsTest extends WireTest {
  private static final int MAX_CONCURRENT_STREAMS = 3;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int LARGE = 1 << 30;
  private static final int PIECE = 16 * 1024;

  /** No progress for so long is a stall; a sender that is not stalled goes on within far less. */
  private static final int STALL_MILLIS = 500;

  private Proxy h2Proxy() {
    return proxy(
        b ->
            b.route(
                Route.builder("/x/**")
                    .target(origin.uri())
                    .protocol(Destination.Protocol.HTTP_2)
                    .build()));
  }

  private Frames h2(Proxy proxy, int... settings) {
    return opened(Frames.connect(proxy.port(), settings));
  }

  private Frames upstream(int... settings) {
    return Frames.accept(origin.accept(), settings);
  }

  private static void answer(Frames at, int stream, String body) {
    at.head(stream, false, ":status: 200").data(stream, true, body);
  }

  private static String answerOf(Frames client, int stream) {
    assertEquals(200, client.of(stream).status());
    return client.body(stream);
  }

  /** RFC 9113 section 8.1: what comes with each answer, however many there are, is no flood. */
  @Test
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

  // --- windows (rule 24)

  @Test
  void clientThatOpensNoWindowStallsTheUpstream() throws Exception {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    CompletableFuture<Integer> sender = new CompletableFuture<>();
    int pieces = 512;
    int beforeStall = sendUntilStalled(at, 256 * 1024, pieces, sender);
    assertTrue(beforeStall >= 256 * 1024, "under way: " + beforeStall);
    // The client's window of 65,535, the proxy's own of 256 KiB, and a piece under way.
    assertTrue(beforeStall <= (65_535 + 256 * 1024 + 2 * PIECE), "under way: " + beforeStall);
    assertFalse(sender.isDone());
    assertEquals(200, client.of(1).status());
    client.window(0, LARGE).window(1, LARGE);
    assertEquals(pieces * PIECE, client.body(1).length());
    assertEquals(pieces * PIECE, sender.get(20, TimeUnit.SECONDS));
  }

  @Test
  void upstreamThatOpensNoWindowStallsTheClient() throws Exception {
    Frames client = h2(h2Proxy());
    client.await(Frames.SETTINGS);
    client.post(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    CompletableFuture<Integer> sender = new CompletableFuture<>();
    int pieces = 512;
    int beforeStall = sendUntilStalled(client, 256 * 1024, pieces, sender);
    assertTrue(beforeStall >= 256 * 1024, "under way: " + beforeStall);
    assertTrue(beforeStall <= (65_535 + 256 * 1024 + 2 * PIECE), "under way: " + beforeStall);
    at.window(0, LARGE).window(1, LARGE);
    assertEquals(pieces * PIECE, at.body(1).length());
    assertEquals(pieces * PIECE, sender.get(20, TimeUnit.SECONDS));
  }

  /** Sends on stream 1 as its window allows, on a thread of its own; returns when that stalls. */
  private static int sendUntilStalled(
      Frames frames, int initial, int pieces, CompletableFuture<Integer> all) throws Exception {
    java.util.concurrent.atomic.AtomicInteger sent =
        new java.util.concurrent.atomic.AtomicInteger();
    Thread sender =
        new Thread(
            () -> {
              int window = initial;
              while (sent.get() < pieces * PIECE) {
                while (window < PIECE) {
                  Frames.Frame frame = frames.next();
                  boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
                  if (more) window += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                }
                int now = sent.addAndGet(PIECE);
                window -= PIECE;
                frames.data(1, now == pieces * PIECE, new byte[PIECE]);
              }
              all.complete(sent.get());
            });
    sender.setDaemon(true);
    sender.start();
    int before = -1;
    while (before != sent.get()) {
      before = sent.get();
      try {
        all.get(STALL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // That is the question.
      }
    }
    return before;
  }

  /** A client that stops reading one stream stops no other, not even on a shared upstream. */
  @Test
  void stalledStreamStopsNoOther() {
    Proxy proxy = h2Proxy();
    Frames stalled = h2(proxy, INITIAL_WINDOW_SIZE, 0).get(1, "/x/stalled");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    for (int i = 0; i < 16; i++) at.data(1, false, new byte[PIECE]);
    Frames other = h2(proxy).get(1, "/x/other");
    at.await(Frames.HEADERS);
    answer(at, 3, "fine");
    assertEquals("fine", answerOf(other, 1));
    stalled.reset(1, Frames.CANCEL);
    assertEquals(Frames.CANCEL, at.await(Frames.RST_STREAM).code());
  }

  // --- GOAWAY

  @Test
  void stopDrains() throws Exception {
    Proxy proxy = h2Proxy();
    Frames client = h2(proxy).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    Frames idle = h2(proxy);
    idle.ping().await(Frames.PING);
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(() -> proxy.stop(java.time.Duration.ofSeconds(20)));
    Frames.Frame goAway = client.await(Frames.GOAWAY);
    assertEquals(Frames.NO_ERROR, goAway.code());
    assertEquals(Integer.MAX_VALUE, goAway.lastStream());
    assertEquals(Frames.NO_ERROR, idle.awaitGoAway());
    answer(at, 1, "last");
    assertEquals("last", answerOf(client, 1));
    assertEquals(Frames.NO_ERROR, client.awaitGoAway());
    stopped.get(20, TimeUnit.SECONDS);
  }

  @Test
  void upstreamsGoAwayLetsItsStreamsEndAndOthersGoElsewhere() {
    Frames client = h2(h2Proxy()).get(1, "/x/1");
    Frames first = upstream();
    first.await(Frames.HEADERS);
    client.get(3, "/x/3");
    first.await(Frames.HEADERS);
    first.goAway(1, Frames.NO_ERROR);
    // What is above the last stream was not processed: it is sent again, elsewhere (rule 27).
    Frames second = upstream();
    assertEquals("/x/3", second.await(Frames.HEADERS).get(":path"));
    answer(second, 1, "three");
    assertEquals("three", answerOf(client, 3));
    client.get(5, "/x/5");
    assertEquals("/x/5", second.await(Frames.HEADERS).get(":path"));
    answer(second, 3, "five");
    assertEquals("five", answerOf(client, 5));
    answer(first, 1, "one");
    assertEquals("one", answerOf(client, 1));
    first.awaitEnd();
  }

  /** RFC 9113 section 6.8: a call may meet several connections that end, one after the other. */
  @Test
  void callIsPassedOverByManyConnectionsInARow() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 10; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.NO_ERROR);
      at.awaitEnd();
    }
    Frames last = upstream();
    assertEquals("/x/", last.await(Frames.HEADERS).get(":path"));
    answer(last, 1, "fine");
    assertEquals("fine", answerOf(client, 1));
  }

  @Test
  void callIsNotSentAgainWithoutEnd() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 11; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.NO_ERROR);
    }
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_aborted"));
  }

  /** An upstream that finds fault with us gets a second try, as for a stream that it refused. */
  @Test
  void callThatMeetsAGoAwayWithAnErrorIsSentOnceMore() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    for (int i = 0; i < 2; i++) {
      Frames at = upstream();
      at.await(Frames.HEADERS);
      at.goAway(0, Frames.ENHANCE_YOUR_CALM);
    }
    assertEquals(502, client.of(1).status());
  }

  @Test
  void callWhoseBodyWasReadIsNotSentAgainAfterAGoAway() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, false, "abc");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.await(Frames.DATA);
    at.goAway(0, Frames.NO_ERROR);
    assertEquals(502, client.of(1).status());
  }

  /**
   * Streams below the last one that is processed end where they are, whatever is sent elsewhere.
   */
  @Test
  void streamThatIsProcessedIsNotSentAgainWhenItsConnectionEnds() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, true, "");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.goAway(1, Frames.NO_ERROR);
    at.close();
    assertEquals(502, client.of(1).status());
  }

  @Test
  void refusedStreamIsSentOnceMore() {
    Frames client = h2(h2Proxy()).get(1, "/x/");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.reset(1, Frames.REFUSED_STREAM);
    assertEquals(3, at.await(Frames.HEADERS).stream());
    at.reset(3, Frames.REFUSED_STREAM);
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_aborted"));
  }

  @Test
  void refusedStreamWhoseBodyWasReadIsNotSentAgain() {
    Frames client = h2(h2Proxy()).post(1, "/x/").data(1, false, "abc");
    Frames at = upstream();
    at.await(Frames.HEADERS);
    at.await(Frames.DATA);
    at.reset(1, Frames.REFUSED_STREAM);
    assertEquals(502, client.of(1).status());
  }

  @Test
  void unusedConnectionThatTheUpstreamClosedIsReplaced() {
    Frames client = h2(h2Proxy());
    for (int i = 0; i < 3; i++) {
      client.get(1 + 2 * i, "/x/");
      Frames at = upstream();
      at.await(Frames.HEADERS);
      answer(at, 1, "fine");
      assertEquals("fine", answerOf(client, 1 + 2 * i));
      at.close();
    }
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
