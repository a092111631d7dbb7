package dev.headgate.tck.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each thing that a core must not do is found. */
class MisuseTest {
  private final MemoryEngine engine = new MemoryBackend().start();

  @AfterEach
  void stop() {
    engine.close();
  }

  /** Runs a POST of "body" through a handler, and expects the report to name a fault. */
  private void expect(String fault, Consumer<InboundExchange> handler) throws Exception {
    Listener listener = Handlers.listen(engine, handler);
    MemoryClient client = engine.connect(listener.address());
    client.post("/", "body");
    engine.awaitIdle();
    listener.close();
    AssertionError error = assertThrows(AssertionError.class, engine::assertNothingLeaked);
    assertTrue(error.getMessage().contains(fault), error::getMessage);
  }

  private static void respond(InboundExchange exchange, String... fields) {
    exchange.respond(200, Heads.of(fields), null, true, Handlers.IGNORED);
  }

  @Test
  void contentThatIsNotReleased() throws Exception {
    expect(
        "contents not released",
        exchange -> {
          Content content = exchange.body().read();
          assertEquals(4, content.size());
          respond(exchange);
        });
  }

  @Test
  void retainWithoutRelease() throws Exception {
    expect(
        "contents not released",
        exchange -> {
          Content content = exchange.body().read();
          content.retain();
          exchange.respond(200, new HeaderList(), content, true, Handlers.IGNORED);
        });
  }

  @Test
  void releaseTwice() throws Exception {
    expect(
        "released more often than retained",
        exchange -> {
          Content content = exchange.body().read();
          content.release();
          assertThrows(IllegalStateException.class, content::release);
          respond(exchange);
        });
  }

  @Test
  void useAfterRelease() throws Exception {
    expect(
        "used after its last release",
        exchange -> {
          Content content = exchange.body().read();
          java.nio.ByteBuffer kept = content.bytes();
          content.release();
          assertThrows(IllegalStateException.class, content::buffer);
          assertEquals((byte) 0xDD, kept.get(0));
          respond(exchange);
        });
  }

  @Test
  void givingAwayWhatWasReleased() throws Exception {
    expect(
        "was given a content that had been released",
        exchange -> {
          Content content = exchange.body().read();
          content.release();
          exchange.respond(200, new HeaderList(), content, true, Handlers.IGNORED);
        });
  }

  @Test
  void exchangeThatIsNeverAnswered() throws Exception {
    Listener listener = Handlers.listen(engine, exchange -> {});
    engine.connect(listener.address()).get("/");
    AssertionError error = assertThrows(AssertionError.class, engine::assertExchangesLeakNothing);
    assertTrue(error.getMessage().contains("1 exchanges in flight"), error::getMessage);
  }

  @Test
  void writeBeforeTheCompletionOfTheOneBefore() throws Exception {
    expect(
        "write() before the completion",
        exchange -> {
          exchange.respond(200, new HeaderList(), null, false, Handlers.IGNORED);
          exchange.write(HeapContent.end(), true, null, Handlers.IGNORED);
          exchange.abort(new IllegalStateException("end"));
        });
  }

  @Test
  void respondTwice() throws Exception {
    expect(
        "respond() twice",
        exchange ->
            exchange.respond(
                200, new HeaderList(), null, true, Handlers.completion(() -> respond(exchange))));
  }

  @Test
  void writeAfterTheLast() throws Exception {
    expect(
        "write() after the last one",
        exchange ->
            exchange.respond(
                200,
                new HeaderList(),
                null,
                true,
                Handlers.completion(
                    () -> exchange.write(Handlers.text("x"), true, null, Handlers.IGNORED))));
  }

  @Test
  void writeBeforeRespond() throws Exception {
    expect(
        "write() before respond()",
        exchange -> {
          exchange.write(HeapContent.end(), true, null, Handlers.IGNORED);
          exchange.abort(new IllegalStateException("end"));
        });
  }

  @Test
  void demandWhileOneIsPending() throws Exception {
    expect(
        "demand() while a demand is pending",
        exchange -> {
          BodySource body = exchange.body();
          body.demand(() -> {});
          assertThrows(IllegalStateException.class, () -> body.demand(() -> {}));
          respond(exchange);
        });
  }

  @Test
  void readWhileADemandIsPending() throws Exception {
    expect(
        "read() while a demand is pending",
        exchange -> {
          exchange.body().demand(() -> {});
          exchange.body().read().release();
          respond(exchange);
        });
  }

  @Test
  void overlappingReads() throws Exception {
    expect(
        "overlaps",
        exchange -> {
          AtomicReference<Throwable> fault = new AtomicReference<>();
          CountDownLatch locked = new CountDownLatch(1);
          Thread other =
              new Thread(
                  () -> {
                    locked.countDown();
                    exchange.body().read().release();
                  });
          other.setUncaughtExceptionHandler((thread, thrown) -> fault.set(thrown));
          // The other one waits for the lock inside its call while this one makes its own.
          engine
              .loop()
              .locked(
                  () -> {
                    other.start();
                    while (other.getState() != Thread.State.WAITING) Thread.onSpinWait();
                    exchange.body().read().release();
                  });
          join(other);
          respond(exchange);
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bodyOfAnotherLengthThanPromised() throws Exception {
    expect("Content-Length is 5", exchange -> respond(exchange, "Content-Length", "5"));
  }

  @Test
  void fieldsOfTheConnection() throws Exception {
    expect("hop-by-hop field 'connection'", exchange -> respond(exchange, "Connection", "close"));
  }

  @Test
  void fieldThatSplitsTheMessage() throws Exception {
    expect("illegal field", exchange -> respond(exchange, "X", "a\r\nSet-Cookie: b"));
  }

  @Test
  void fieldsThatChangeAfterTheyWereGivenAway() throws Exception {
    expect(
        "changed the response's fields",
        exchange -> {
          HeaderList fields = new HeaderList();
          exchange.respond(
              200,
              fields,
              null,
              false,
              Handlers.completion(
                  () -> {
                    fields.append("Late", "1");
                    exchange.write(HeapContent.end(), true, null, Handlers.IGNORED);
                  }));
        });
  }

  @Test
  void callbackThatThrows() throws Exception {
    expect(
        "threw",
        exchange -> {
          respond(exchange);
          throw new IllegalStateException("bad handler");
        });
  }

  @Test
  void timerThatIsLeft() {
    engine.schedule(1000, () -> {});
    engine.assertExchangesLeakNothing();
    AssertionError error = assertThrows(AssertionError.class, engine::assertNothingLeaked);
    assertTrue(error.getMessage().contains("1 timers pending"), error::getMessage);
  }

  @Test
  void upstreamRequestThatNobodyEnds() throws Exception {
    engine.origin("api.test", 80);
    UpstreamListener deaf =
        (UpstreamListener)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {UpstreamListener.class},
                (proxy, method, arguments) -> null);
    Target target = new Target("http", new HostPort("api.test", 80));
    engine
        .upstream()
        .send(
            new UpstreamRequest(
                Destination.of(target), "GET", "/", new HeaderList(), null, false, 0, 0),
            deaf);
    AssertionError error = assertThrows(AssertionError.class, engine::assertExchangesLeakNothing);
    assertTrue(error.getMessage().contains("1 upstream requests in flight"), error::getMessage);
    assertEquals(List.of(), engine.violations());
  }
}
