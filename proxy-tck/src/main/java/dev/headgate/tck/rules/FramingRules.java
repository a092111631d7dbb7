package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.http.Headers;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.BodyReader;
import dev.headgate.tck.lab.BodyWriter;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Level;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Payload;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.Waits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bodies of all sizes and kinds: S-17 to S-23. */
final class FramingRules {
  private static final int MANY = 300;
  private static final int PIECE = 64 * 1024;

  @Rule(id = "S-17", intent = "a body of none, one and many pieces arrives unchanged, both ways")
  void bodiesOfKnownLengthArrive(Lab lab) {
    TestOrigin origin = lab.origin();
    TestClient client = lab.client(lab.proxy(origin, lab.plugin("a")));
    for (int pieces : new int[] {0, 1, MANY}) {
      String length = Integer.toString(size(pieces));
      ClientExchange exchange = client.stream("POST", "/", "Content-Length", length);
      sendPieces(exchange, pieces);
      OriginRequest request = origin.accept();
      assertEquals(length, request.header("Content-Length"));
      checkPieces(request, pieces);

      request.head(200, "Content-Length", length);
      sendPieces(request, pieces);

      assertEquals(length, exchange.response().header("Content-Length"));
      checkPieces(exchange, pieces);
    }
  }

  @Rule(id = "S-18", intent = "a body without a known length arrives unchanged, both ways")
  void bodiesOfUnknownLengthArrive(Lab lab) {
    TestOrigin origin = lab.origin();
    TestClient client = lab.client(lab.proxy(origin, lab.plugin("a")));
    for (int pieces : new int[] {0, 1, MANY}) {
      ClientExchange exchange = client.stream("POST", "/");
      OriginRequest request = origin.accept();
      assertNull(request.header("Content-Length"));
      sendPieces(exchange, pieces);
      checkPieces(request, pieces);

      request.head(200);
      assertNull(exchange.response().header("Content-Length"));
      sendPieces(request, pieces);

      checkPieces(exchange, pieces);
    }
  }

  @Rule(
      id = "S-19",
      intent = "trailers pass both ways and stay out of the head",
      needs = Capability.TRAILERS)
  void trailersPass(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/", "TE", "trailers");
    OriginRequest request = origin.accept();
    exchange.send("in");
    exchange.end("X-Sum", "1", "X-Sum", "2");
    assertEquals("in", request.readAllText());
    assertNull(request.header("X-Sum"));
    assertEquals(List.of("1", "2"), trailers(request).all("X-Sum"));

    request.head(200);
    request.send("out");
    request.end("X-Total", "3");

    assertEquals("out", exchange.readAllText());
    assertNull(exchange.response().header("X-Total"));
    assertEquals("3", trailers(exchange).get("X-Total"));
  }

  @Rule(id = "S-20", intent = "an empty last chunk is shown to chunk hooks as last, once")
  void emptyLastChunkIsShown(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    for (String text : List.of("some", "")) {
      lab.recorder().clear();
      ClientExchange exchange = lab.client(proxy).stream("POST", "/");
      OriginRequest request = origin.accept();
      exchange.send(text);
      assertEquals(text, request.readText(text.length()));
      exchange.end();
      assertEquals("", request.readAllText());
      request.head(200);
      assertEquals(200, exchange.status());
      request.send(text);
      assertEquals(text, exchange.readText(text.length()));
      request.end();
      assertEquals("", exchange.readAllText());

      lab.recorder().awaitEnd("a");
      checkLast(text, lab.recorder().calls("a", "onRequestChunk"));
      checkLast(text, lab.recorder().calls("a", "onResponseChunk"));
    }
  }

  private static void checkLast(String text, List<HookCall> calls) {
    StringBuilder all = new StringBuilder();
    calls.forEach(call -> all.append(call.text()));
    assertEquals(text, all.toString());
    assertEquals(1, calls.stream().filter(HookCall::last).count(), () -> "last: " + calls);
    HookCall last = calls.get(calls.size() - 1);
    assertTrue(last.last(), () -> "a chunk came after the last: " + calls);
    assertEquals("", last.text());
  }

  @Rule(
      id = "S-21",
      intent = "a large body passes with memory bounded by the constant",
      level = Level.STOCHASTIC)
  void largeBodiesPassInBoundedMemory(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a").headsOnly());
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    checkLarge(lab, exchange, request);
    request.head(200);
    checkLarge(lab, request, exchange);
  }

  private static void checkLarge(Lab lab, BodyWriter writer, BodyReader reader) {
    // Many times the bound, and what the heap may grow by for other reasons.
    long slack = lab.stallBytes() + (16L << 20);
    long pieces = 3 * slack / PIECE;
    byte[] piece = Payload.of(PIECE);
    long before = usedHeap();
    Future<Long> grown =
        lab.async(
            () -> {
              for (long i = 0; i < pieces; i++) writer.send(piece.clone());
              // The body has not ended, so whoever keeps it for its end still has it.
              long more = usedHeap() - before;
              writer.end();
              return more;
            });
    assertEquals(pieces * PIECE, reader.drain());
    long more = Waits.on("all is sent", grown);
    assertTrue(more < slack, () -> more + " bytes were kept of " + pieces * PIECE);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Rule(id = "S-22", intent = "a publisher's failure is unclean, and it is cancelled in vain")
  void publishersEnd(Lab lab) {
    OneBuffer failing = new OneBuffer();
    OneBuffer silent = new OneBuffer();
    Proxy proxy =
        lab.proxy(
            lab.origin(),
            lab.plugin("a"),
            lab.plugin("b")
                .priority(900)
                .onRequest(
                    ctx ->
                        RequestDecision.respond(
                            DirectResponse.status(200).stream(
                                ctx.request().path().equals("/failing") ? failing : silent))));

    ClientExchange first = lab.client(proxy).get("/failing");
    assertEquals("one", first.readText(3));
    failing.fail();
    assertEquals(Ending.UNCLEAN, first.ending());
    HookCall end = lab.recorder().awaitEnd("a", 1);
    assertEquals(ErrorCode.PLUGIN_FAILED, end.fault().code());
    assertEquals(Outcome.ABORTED, end.end().outcome());

    ClientExchange second = lab.client(proxy).get("/silent");
    assertEquals("one", second.readText(3));
    second.vanish();
    Waits.on("the publisher is cancelled", silent.cancelled);
    assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd("a", 2).end().outcome());
  }

  @Rule(id = "S-23", intent = "many exchanges at a time do not mix their bodies")
  void exchangesDoNotMix(Lab lab) {
    TestOrigin origin =
        lab.origin()
            .answering(
                request -> {
                  String name = String.valueOf(request.header("X-Name"));
                  request.head(200, "X-Name", name);
                  for (byte[] some = request.readSome();
                      some.length > 0;
                      some = request.readSome()) {
                    request.send(some);
                  }
                  request.end();
                });
    Proxy proxy = lab.proxy(origin, lab.plugin("a"), lab.plugin("b").changesBodies());
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "client" + i;
      TestClient client = lab.client(proxy);
      all.add(lab.async(() -> checkOwnBodies(client, name)));
    }
    all.forEach(one -> assertTrue(Waits.on("a client is done", one)));
  }

  private static boolean checkOwnBodies(TestClient client, String name) {
    for (int i = 0; i < 10; i++) {
      String mine = name + "." + i + ";";
      ClientExchange exchange = client.stream("POST", "/" + name, "X-Name", mine);
      for (int j = 0; j < 20; j++) {
        exchange.send(mine);
        assertEquals(mine, exchange.readText(mine.length()));
      }
      exchange.end();
      assertEquals("", exchange.readAllText());
      assertEquals(mine, exchange.response().header("X-Name"));
    }
    return true;
  }

  /** A byte for one piece; pieces of growing size, up to some hundred bytes, for more. */
  private static int size(int pieces) {
    int size = 0;
    for (int i = 1; i <= pieces; i++) size += i;
    return size;
  }

  private static void sendPieces(BodyWriter writer, int pieces) {
    int offset = 0;
    for (int i = 1; i <= pieces; i++) {
      writer.send(Payload.of(offset, i));
      offset += i;
    }
    writer.end();
  }

  private static void checkPieces(BodyReader reader, int pieces) {
    byte[] all = reader.readAll();
    Payload.check(0, all);
    assertEquals(size(pieces), all.length);
  }

  private static Headers trailers(BodyReader reader) {
    Headers trailers = reader.trailers();
    if (trailers == null) throw new AssertionError("there are no trailers");
    return trailers;
  }

  /** Publishes one buffer, and nothing more until it is told to fail. */
  private static final class OneBuffer implements Flow.Publisher<ByteBuffer> {
    final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicBoolean published = new AtomicBoolean();
    private final CompletableFuture<Flow.Subscriber<? super ByteBuffer>> subscribed =
        new CompletableFuture<>();

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long count) {
              if (published.getAndSet(true)) return;
              subscriber.onNext(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void cancel() {
              cancelled.countDown();
            }
          });
      subscribed.complete(subscriber);
    }

    void fail() {
      Waits.on("the publisher is subscribed to", subscribed)
          .onError(new IllegalStateException("on purpose"));
    }
  }
}
