package dev.headgate.tck.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What scripted clients and upstreams must do, whatever carries them. Nothing of the core's. */
abstract class WireContract {
  /** Work with a client whose bytes reach the origin as they are, or nearly so. */
  interface Wire {
    void run(Lab lab, TestOrigin origin, TestClient client) throws Throwable;
  }

  abstract void wired(Wire wire) throws Throwable;

  /** How many bytes must be possible without a reader, at least and at most. */
  abstract long mostUnread();

  @Test
  void sendsHeadsAndBodies() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.post("/a?b", "hello", "X-A", "1", "X-A", "2");
          OriginRequest request = origin.accept();
          assertEquals("POST", request.method());
          assertEquals("/a?b", request.target());
          assertEquals(List.of("1", "2"), request.headers().all("X-A"));
          assertEquals("5", request.header("Content-Length"));
          assertEquals("he", request.readText(2));
          assertEquals("llo", request.readAllText());
          request.respond(201, "answer", "X-B", "3");
          assertEquals(201, exchange.status());
          assertEquals("3", exchange.response().header("X-B"));
          assertEquals("answer", exchange.readAllText());
          assertEquals(Ending.CLEAN, exchange.ending());
        });
  }

  @Test
  void streamsPieceByPieceWithTrailers() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.stream("PUT", "/");
          OriginRequest request = origin.accept();
          exchange.send("one");
          assertEquals("one", new String(request.readSome(), StandardCharsets.UTF_8));
          request.head(200);
          assertEquals(200, exchange.status());
          request.send("two");
          assertEquals("two", new String(exchange.readSome(), StandardCharsets.UTF_8));
          exchange.end("X-T", "in");
          assertEquals("", request.readAllText());
          Headers in = request.trailers();
          assertEquals("in", in.get("X-T"));
          request.end("X-T", "out");
          assertEquals(0, exchange.readSome().length);
          assertEquals("out", exchange.trailers().get("X-T"));
        });
  }

  @Test
  void servesOneExchangeAfterTheOther() throws Throwable {
    wired(
        (lab, origin, client) -> {
          origin.answering(200, "ok");
          assertEquals("ok", client.post("/", "x").readAllText());
          ClientExchange head = client.send("HEAD", "/");
          assertEquals(200, head.status());
          assertEquals("", head.readAllText());
          assertEquals("ok", client.get("/").readAllText());
          assertEquals(3, origin.requests());
        });
  }

  @Test
  void showsInterimResponses() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.get("/");
          OriginRequest request = origin.accept();
          request.interim(103, "Link", "</a>");
          assertEquals("</a>", exchange.awaitInterim().header("Link"));
          request.interim(104);
          request.respond(200, "ok");
          assertEquals(200, exchange.status());
          assertEquals(List.of(103, 104), exchange.interims().stream().map(Head::status).toList());
          assertEquals("ok", exchange.readAllText());
        });
  }

  @Test
  void endsUncleanlyWhenTheOriginBreaksOff() throws Throwable {
    for (boolean reset : new boolean[] {true, false}) {
      wired(
          (lab, origin, client) -> {
            ClientExchange exchange = client.get("/");
            OriginRequest request = origin.accept();
            request.head(200, "Content-Length", "10");
            request.send("half");
            assertEquals("half", exchange.readText(4));
            if (reset) {
              request.reset();
            } else {
              request.closeEarly();
            }
            assertThrows(BrokenConnectionError.class, () -> exchange.read(1));
            assertEquals(Ending.UNCLEAN, exchange.ending());
          });
    }
  }

  @Test
  void endsUncleanlyWhenTheClientVanishes() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.stream("POST", "/");
          OriginRequest request = origin.accept();
          exchange.send("half");
          assertEquals("half", request.readText(4));
          exchange.vanish();
          assertEquals(Ending.UNCLEAN, request.ending());
          request.awaitAborted();
        });
  }

  @Test
  void seesAnAbortWhileNothingIsRead() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.get("/");
          OriginRequest request = origin.accept();
          exchange.vanish();
          request.awaitAborted();
        });
  }

  @Test
  void stallsAndGoesOnWhole() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.stream("POST", "/");
          OriginRequest request = origin.accept();
          request.head(200);
          assertEquals(200, exchange.status());
          long out = request.sendUntilStalled(4 * mostUnread());
          long in = exchange.sendUntilStalled(4 * mostUnread());
          assertTrue(out < mostUnread(), () -> "took " + out);
          assertTrue(in < mostUnread(), () -> "took " + in);
          Future<?> requestEnds = lab.async(() -> end(exchange));
          assertEquals(in, request.drain());
          Waits.on("the request has ended", requestEnds);
          Future<?> responseEnds = lab.async(() -> end(request));
          Payload.check(0, exchange.read(10_000));
          Payload.check(10_000, exchange.read(10_000));
          assertEquals(out - 20_000, exchange.drain());
          Waits.on("the response has ended", responseEnds);
        });
  }

  private static boolean end(BodyWriter writer) {
    writer.end();
    return true;
  }

  @Test
  void bodiesMayBeEmpty() throws Throwable {
    wired(
        (lab, origin, client) -> {
          ClientExchange exchange = client.stream("POST", "/");
          OriginRequest request = origin.accept();
          exchange.end();
          assertEquals("", request.readAllText());
          assertNull(request.trailers());
          request.head(204);
          request.end();
          assertEquals(204, exchange.status());
          assertEquals("", exchange.readAllText());
        });
  }
}
