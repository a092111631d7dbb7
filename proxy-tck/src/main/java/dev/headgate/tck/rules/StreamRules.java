package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.tck.lab.BodyReader;
import dev.headgate.tck.lab.BodyWriter;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Payload;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.Waits;
import java.util.concurrent.Future;

/** Nothing is held, and nothing outruns its reader: S-01 to S-07. */
final class StreamRules {
  @Rule(id = "S-01", intent = "a response chunk reaches the client before the next one is sent")
  void responseChunksAreNotHeld(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    request.head(200);
    for (int i = 0; i < 5; i++) {
      request.send("piece" + i);
      assertEquals("piece" + i, exchange.readText(6));
    }
    request.end();

    assertEquals("", exchange.readAllText());
  }

  @Rule(id = "S-02", intent = "a request chunk reaches the upstream before the next one is sent")
  void requestChunksAreNotHeld(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    for (int i = 0; i < 5; i++) {
      exchange.send("piece" + i);
      assertEquals("piece" + i, request.readText(6));
    }
    exchange.end();
    request.respond(200, "done");

    assertEquals("done", exchange.readAllText());
  }

  @Rule(id = "S-03", intent = "the response's head goes out before any byte of its body")
  void headGoesOutFirst(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    request.head(200, "Content-Type", "text/event-stream");

    assertEquals("text/event-stream", exchange.response().header("Content-Type"));
    request.end();
    assertEquals("", exchange.readAllText());
  }

  @Rule(id = "S-04", intent = "a client that stops reading stalls the upstream within the bound")
  void slowClientStallsTheUpstream(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, exchange.status());

    stall(lab, request);

    Payload.check(0, exchange.read(1000));
  }

  @Rule(id = "S-05", intent = "an upstream that stops reading stalls the client within the bound")
  void slowUpstreamStallsTheClient(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    stall(lab, exchange);

    Payload.check(0, request.read(1000));
  }

  @Rule(id = "S-06", intent = "a stalled stream goes on, whole, when reading resumes")
  void stalledStreamsGoOn(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    long sent = stall(lab, exchange);
    checkGoesOn(lab, exchange, sent, request);
    request.head(200);
    assertEquals(200, exchange.status());
    sent = stall(lab, request);
    checkGoesOn(lab, request, sent, exchange);
  }

  @Rule(id = "S-07", intent = "request and response body run at the same time")
  void bodiesRunAtTheSameTime(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange first = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, first.status());

    // In turns: each side waits for the other's piece.
    for (int i = 0; i < 5; i++) {
      first.send("ping" + i);
      assertEquals("ping" + i, request.readText(5));
      request.send("pong" + i);
      assertEquals("pong" + i, first.readText(5));
    }
    // The response stands still, and the request goes on to its end.
    stall(lab, request);
    first.send("ping");
    assertEquals("ping", request.readText(4));
    first.end();
    assertEquals("", request.readAllText());

    // The request stands still, and the response goes on.
    ClientExchange second = lab.client(proxy).stream("POST", "/");
    OriginRequest other = origin.accept();
    other.head(200);
    assertEquals(200, second.status());
    long sent = stall(lab, second);
    other.send("pong");
    assertEquals("pong", second.readText(4));
    checkGoesOn(lab, second, sent, other);
    other.end();
    assertEquals("", second.readAllText());
  }

  /** Sends until nothing more is taken; returns how much was. */
  private static long stall(Lab lab, BodyWriter writer) {
    long bound = lab.stallBytes();
    long sent = writer.sendUntilStalled(bound + bound / 2);
    assertTrue(sent <= bound, () -> "sent " + sent + " bytes unread, over " + bound);
    return sent;
  }

  /** Goes on sending while the other side reads, ends, and checks that all of it arrives. */
  private static void checkGoesOn(Lab lab, BodyWriter writer, long sent, BodyReader reader) {
    int more = (int) Math.min(lab.stallBytes(), 1 << 20);
    Future<Boolean> ended =
        lab.async(
            () -> {
              writer.send(Payload.of(sent, more));
              writer.end();
              return true;
            });
    byte[] all = reader.readAll();
    assertTrue(Waits.on("the rest is sent", ended));
    Payload.check(0, all);
    assertEquals(sent + more, all.length);
  }
}
