package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.Listener;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both sides, with a core that passes everything on. */
class ForwardTest {
  private MemoryEngine engine;
  private MemoryOrigin origin;
  private Listener listener;
  private MemoryClient client;

  MemoryBackend backend() {
    return new MemoryBackend();
  }

  @BeforeEach
  void start() throws Exception {
    EngineOptions options = new EngineOptions("test", 4, 1 << 20, 2, Duration.ofSeconds(30), 2048);
    engine = backend().start(options);
    origin = engine.origin("api.test", 80);
    listener = Handlers.listen(engine, Handlers.passTo(engine, "api.test"));
    client = engine.connect(listener.address());
  }

  @AfterEach
  void stop() {
    listener.close();
    engine.assertNothingLeaked();
    engine.close();
    assertEquals(0, engine.usage().busyUpstreamConnections());
    assertEquals(0, engine.usage().idleUpstreamConnections());
  }

  @Test
  void passesRequestAndAnswer() {
    origin.answering(201, "made", "X-Kind", "test");
    for (int i = 0; i < 3; i++) {
      MemoryCall call = client.post("/make?x=|{}", "this");
      assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
      assertEquals(201, call.awaitHead().status());
      assertEquals("test", call.awaitHead().headers().get("x-kind"));
      assertEquals("made", call.response().text());
    }
    assertEquals(1, origin.connectionsOpened());
    assertEquals(3, origin.connectionsReturned());
    assertEquals(1, origin.idleConnections());
    engine.advance(Duration.ofSeconds(30));
    assertEquals(0, origin.idleConnections());
    assertEquals(0, origin.connectionsAborted());
  }

  @Test
  void showsTheUpstreamWhatWasSent() {
    MemoryCall call = client.request("PUT", "/a/../b").header("X-A", "1").withBody().open();
    OriginExchange served = origin.take();
    assertEquals("PUT", served.method());
    assertEquals("/a/../b", served.target());
    assertEquals("1", served.headers().get("x-a"));
    call.body().send("one");
    served.body().awaitText("one");
    call.body().endWithTrailers("T", "up");
    assertEquals(BodyEnding.CLEAN, served.body().awaitEnd());
    assertEquals("up", served.body().trailers().get("t"));
    served.interim(103, "Link", "</x>");
    assertEquals(103, call.awaitInterim(1).status());
    OutgoingBody answer = served.respond(200);
    call.awaitHead();
    answer.send("two");
    call.response().awaitText("two");
    answer.endWithTrailers("T", "down");
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals("down", call.response().trailers().get("t"));
  }

  @Test
  void headHasNoBody() {
    origin.answering(200, "unseen", "Content-Length", "6");
    MemoryCall call = client.request("HEAD", "/").open();
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals("6", call.awaitHead().headers().get("content-length"));
    assertEquals(0, call.response().receivedBytes());
    assertEquals(1, origin.connectionsReturned());
  }

  @Test
  void silentUpstreamSeesTheClientLeave() {
    MemoryCall call = client.get("/");
    OriginExchange served = origin.take();
    call.abort();
    served.awaitAborted();
    engine.awaitIdle();
    assertEquals(1, origin.connectionsAborted());
    assertEquals(0, origin.busyConnections());
  }

  @Test
  void streamingUpstreamSeesTheClientLeave() {
    MemoryCall call = client.get("/");
    OriginExchange served = origin.take();
    served.respond(200).send("first");
    call.response().awaitText("first");
    call.abort();
    served.awaitAborted();
  }

  @Test
  void uploadThatBreaksOffIsNoCleanEndForTheUpstream() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    OriginExchange served = origin.take();
    call.body().send("half");
    served.body().awaitText("half");
    call.abort();
    assertEquals(BodyEnding.UNCLEAN, served.body().awaitEnd());
    assertTrue(served.aborted());
  }

  @Test
  void upstreamThatResetsBeforeTheHeadIsAFault() {
    origin.script(OriginExchange::abort);
    MemoryCall call = client.get("/");
    call.response().awaitEnd();
    assertEquals(502, call.awaitHead().status());
    assertEquals("upstream_aborted", call.response().text());
    assertEquals(1, origin.connectionsAborted());
  }

  @Test
  void upstreamThatResetsInTheBodyIsNoCleanEnd() {
    origin.script(exchange -> exchange.respond(200).send("half").abort());
    MemoryCall call = client.get("/");
    assertEquals(BodyEnding.UNCLEAN, call.response().awaitEnd());
    assertEquals("half", call.response().text());
  }

  @Test
  void upstreamThatSendsLessThanPromisedIsNoCleanEnd() {
    origin.script(exchange -> exchange.respond(200, "Content-Length", "10").send("half").end());
    MemoryCall call = client.get("/");
    assertEquals(BodyEnding.UNCLEAN, call.response().awaitEnd());
  }

  @Test
  void connectFailuresHaveTheirCodes() throws Exception {
    origin.refusing();
    assertEquals("connect_failed", errorOf(client));
    Listener lost = Handlers.listen(engine, Handlers.passTo(engine, "nowhere.test"));
    assertEquals("dns_error", errorOf(engine.connect(lost.address())));
    lost.close();
  }

  private static String errorOf(MemoryClient from) {
    MemoryCall call = from.get("/");
    call.response().awaitEnd();
    return call.response().text();
  }

  @Test
  void hangingConnectTimesOutInVirtualTime() {
    origin.hanging();
    MemoryCall call = client.get("/");
    engine.advance(Duration.ofSeconds(10).minusNanos(1));
    assertNull(call.head());
    engine.advance(Duration.ofNanos(1));
    call.response().awaitEnd();
    assertEquals("connect_timeout", call.response().text());
  }

  @Test
  void waitsForAConnectionWhenAllAreBusy() {
    MemoryCall[] calls = new MemoryCall[3];
    for (int i = 0; i < 3; i++) calls[i] = engine.connect(listener.address()).get("/" + i);
    OriginExchange first = origin.take();
    origin.take();
    engine.awaitIdle();
    assertEquals(1, engine.usage().waitingUpstreamRequests());
    first.answer(200, "done");
    assertEquals("/2", origin.take().target());
    assertEquals(2, origin.connectionsOpened());
    calls[1].abort();
    calls[2].abort();
  }

  @Test
  void slowClientStallsTheUpstream() {
    MemoryCall call = client.request("GET", "/").open();
    OutgoingBody body = origin.take().respond(200);
    call.awaitHead();
    call.response().pause();
    // Sent after the pause, or all of it might have come before.
    body.sendAll(Pieces.of(1000, 10_000)).end();
    engine.awaitIdle();
    long received = call.response().receivedBytes();
    call.response().allow(50_000);
    engine.awaitIdle();
    assertEquals(received + 50_000, call.response().receivedBytes());
    call.response().resume();
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals(10_000_000, call.response().receivedBytes());
  }

  @Test
  void upstreamThatDoesNotReadStallsTheUpload() {
    origin.script(exchange -> exchange.body().pause());
    MemoryCall call = client.request("POST", "/").withBody().open();
    engine.awaitIdle();
    call.body().sendAll(Pieces.of(1000, 10_000));
    engine.awaitIdle();
    long sent = call.body().sentBytes();
    long bound = 2 * MemoryEngine.WINDOW_BYTES + 2 * MemoryEngine.MAX_CONTENT_BYTES;
    assertTrue(sent > MemoryEngine.WINDOW_BYTES && sent <= bound, "sent " + sent);
    call.abort();
  }

  @Test
  void earlyAnswerIsPassedWhileTheRequestFlows() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    OriginExchange served = origin.take();
    served.answer(413, "enough");
    assertEquals(413, call.awaitHead().status());
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    engine.awaitIdle();
    assertEquals(1, origin.connectionsAborted());
    call.body().end();
  }

  @Test
  void continueOpensTheBody() {
    MemoryCall call = client.request("POST", "/").expectContinue().open();
    call.body().sendLast("body");
    OriginExchange served = origin.take();
    engine.awaitIdle();
    assertEquals(0, call.body().sentBytes());
    served.interim(100);
    served.body().awaitText("body");
    assertEquals(BodyEnding.CLEAN, served.body().awaitEnd());
    served.answer(200, "ok");
    call.response().awaitEnd();
    assertEquals(1, origin.connectionsReturned());
  }

  @Test
  void answerInsteadOfContinueLeavesTheBodyUnsent() {
    MemoryCall call = client.request("POST", "/").expectContinue().open();
    call.body().sendLast("body");
    origin.take().answer(417, "no");
    assertEquals(417, call.awaitHead().status());
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals(0, call.body().sentBytes());
    client.awaitClosed();
  }

  @Test
  void tooLargeAHeadIsAFault() {
    origin.answering(200, "", "X", "x".repeat(3000));
    assertEquals("response_too_large", errorOf(client));
  }

  @Test
  void delaysPassInVirtualTime() {
    origin.script(
        exchange -> exchange.respond(200).send("a").delay(Duration.ofMinutes(5)).sendLast("b"));
    MemoryCall call = client.get("/");
    call.response().awaitText("a");
    engine.advance(Duration.ofMinutes(4));
    assertEquals("a", call.response().text());
    engine.advance(Duration.ofMinutes(1));
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertFalse(engine.events().isEmpty());
  }

  @Test
  void closedEngineLeavesNothingUnderWay() {
    MemoryCall call = client.get("/");
    OriginExchange served = origin.take();
    engine.close();
    assertTrue(served.aborted());
    assertEquals(BodyEnding.UNCLEAN, call.response().ending());
  }
}
