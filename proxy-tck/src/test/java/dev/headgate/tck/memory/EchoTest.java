package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Listener;
import java.net.BindException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The listener's side, with a core that sends bodies back. */
class EchoTest {
  private MemoryEngine engine;
  private Listener listener;
  private MemoryClient client;

  MemoryBackend backend() {
    return new MemoryBackend();
  }

  @BeforeEach
  void start() throws Exception {
    engine = backend().start();
    listener = Handlers.listen(engine, Handlers::echo);
    client = engine.connect(listener.address());
  }

  @AfterEach
  void stop() {
    listener.close();
    engine.assertNothingLeaked();
    engine.close();
    engine.assertNothingLeaked();
  }

  @Test
  void answersOneRequestAfterTheOther() {
    for (int i = 0; i < 3; i++) {
      MemoryCall call = client.post("/", "round " + i);
      assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
      assertEquals("round " + i, call.response().text());
      assertEquals(200, call.awaitHead().status());
    }
    assertTrue(client.isOpen());
  }

  @Test
  void passesEachPieceBeforeTheNextIsSent() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    for (String piece : new String[] {"one ", "two ", "three "}) {
      call.body().send(piece);
      call.response().awaitText(piece);
    }
    call.body().endWithTrailers("Check", "sum");
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals("sum", call.response().trailers().get("check"));
  }

  @Test
  void clientThatStopsReadingStallsItsOwnUpload() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    call.awaitHead();
    call.response().pause();
    call.body().sendAll(Pieces.of(1000, 8000)).end();
    engine.awaitIdle();
    long stalled = call.body().sentBytes();
    assertTrue(stalled >= MemoryEngine.WINDOW_BYTES, "sent " + stalled);
    assertTrue(
        stalled <= 2 * MemoryEngine.WINDOW_BYTES + 2 * MemoryEngine.MAX_CONTENT_BYTES,
        "sent " + stalled);
    call.response().allow(100_000);
    engine.awaitIdle();
    assertEquals(100_000, call.response().receivedBytes());
    call.response().resume();
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals(8_000_000, call.response().receivedBytes());
  }

  @Test
  void clientThatVanishesEndsTheExchange() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    call.body().send("begun");
    call.response().awaitText("begun");
    call.abort();
    engine.awaitIdle();
    assertEquals(BodyEnding.UNCLEAN, call.response().ending());
    assertEquals(0, engine.usage().exchangesInFlight());
    assertFalse(client.isOpen());
    assertThrows(IllegalStateException.class, () -> client.get("/"));
  }

  @Test
  void bodyShorterThanItsContentLengthIsNoCleanEnd() {
    MemoryCall call = client.request("POST", "/").header("Content-Length", "10").open();
    call.body().send("half");
    call.body().end();
    assertEquals(BodyEnding.UNCLEAN, call.response().awaitEnd());
  }

  @Test
  void continueIsSentWhenTheCoreReads() throws Exception {
    Listener reading =
        Handlers.listen(engine, exchange -> exchange.body().demand(() -> Handlers.echo(exchange)));
    MemoryCall call =
        engine.connect(reading.address()).request("POST", "/").expectContinue().open();
    call.body().sendLast("after all");
    assertEquals(100, call.awaitInterim(1).status());
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals("after all", call.response().text());
    reading.close();
  }

  @Test
  void connectionOfHttp10Closes() {
    MemoryCall call = client.request("GET", "/").version(HttpVersion.HTTP_1_0).open();
    call.response().awaitEnd();
    client.awaitClosed();
  }

  @Test
  void idleConnectionCloses() {
    client.get("/").response().awaitEnd();
    engine.advance(Duration.ofSeconds(29));
    assertTrue(client.isOpen());
    engine.advance(Duration.ofSeconds(1));
    assertFalse(client.isOpen());
  }

  @Test
  void refusesWhatIsTooLarge() {
    MemoryCall line = client.get("/" + "x".repeat(9000));
    assertEquals(414, line.awaitHead().status());
    client.awaitClosed();
    MemoryClient second = engine.connect(listener.address());
    MemoryCall fields = second.request("GET", "/").header("A", "x".repeat(17_000)).open();
    assertEquals(431, fields.awaitHead().status());
    MemoryClient third = engine.connect(listener.address());
    MemoryRequest request = third.request("POST", "/").header("Content-Length", "1");
    assertEquals(400, request.header("Content-Length", "2").open().awaitHead().status());
  }

  @Test
  void stoppedListenerLetsTheRunningCallEnd() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    call.body().send("a");
    call.response().awaitText("a");
    listener.stopAccepting();
    assertThrows(IllegalStateException.class, () -> engine.connect(listener.address()));
    call.body().sendLast("b");
    assertEquals(BodyEnding.CLEAN, call.response().awaitEnd());
    assertEquals("ab", call.response().text());
    client.awaitClosed();
  }

  @Test
  void closedListenerBreaksTheRunningCall() {
    MemoryCall call = client.request("POST", "/").withBody().open();
    call.awaitHead();
    listener.close();
    assertEquals(BodyEnding.UNCLEAN, call.response().awaitEnd());
  }

  @Test
  void takenPortIsRefused() {
    assertThrows(
        BindException.class,
        () ->
            engine.listen(
                new dev.headgate.core.spi.ListenOptions(
                    listener.address(), 1, 1, 1, Duration.ZERO, Duration.ZERO),
                Handlers.handler(Handlers::echo)));
  }

  @Test
  void unreadBodyIsDroppedUpToTheLimit() throws Exception {
    Listener deaf =
        Handlers.listen(
            engine,
            exchange -> exchange.respond(403, new HeaderList(), null, true, Handlers.IGNORED));
    MemoryClient patient = engine.connect(deaf.address());
    MemoryCall small = patient.post("/", "x".repeat(1000));
    assertEquals(BodyEnding.CLEAN, small.response().awaitEnd());
    assertTrue(patient.isOpen());
    MemoryCall large = patient.request("POST", "/").withBody().open();
    assertEquals(BodyEnding.CLEAN, large.response().awaitEnd());
    large.body().send("x".repeat(1001));
    patient.awaitClosed();
    assertNotNull(large.body().failure());
    MemoryCall unasked =
        engine.connect(deaf.address()).request("POST", "/").expectContinue().open();
    unasked.body().sendLast("never sent");
    assertEquals(BodyEnding.CLEAN, unasked.response().awaitEnd());
    assertEquals(0, unasked.body().sentBytes());
    assertNull(unasked.response().failure());
    deaf.close();
  }
}
