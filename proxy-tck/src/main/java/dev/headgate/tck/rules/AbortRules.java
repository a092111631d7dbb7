package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import java.util.concurrent.CompletableFuture;

/** Those who leave or break off: S-08 to S-16. */
final class AbortRules {
  @Rule(id = "S-08", intent = "a client that leaves before the head aborts the upstream's request")
  void clientLeavesBeforeTheHead(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    exchange.vanish();

    request.awaitAborted();
    checkGone(lab, 1);
  }

  @Rule(id = "S-09", intent = "a client that leaves between two chunks aborts the upstream")
  void clientLeavesBetweenChunks(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("one");
    assertEquals("one", exchange.readText(3));

    exchange.vanish();

    request.awaitAborted();
    checkGone(lab, 1);
  }

  @Rule(id = "S-10", intent = "a client that leaves amid its request's body aborts the upstream")
  void clientLeavesAmidItsBody(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    exchange.send("one");
    assertEquals("one", request.readText(3));

    exchange.vanish();

    request.awaitAborted();
    checkGone(lab, 1);
  }

  @Rule(id = "S-11", intent = "a client that leaves while a plugin decides ends the exchange")
  void clientLeavesWhilePluginDecides(Lab lab) {
    CompletableFuture<RequestDecision> onRequest = new CompletableFuture<>();
    TestOrigin unasked = lab.origin();
    Proxy before =
        lab.proxy(unasked, lab.plugin("a").onRequest(ctx -> RequestDecision.later(onRequest)));
    ClientExchange first = lab.client(before).get("/");
    lab.recorder().await("a", "onRequest");

    first.vanish();

    checkGone(lab, 1);
    lab.awaitIdle(before);
    assertEquals(0, unasked.requests());

    CompletableFuture<ResponseDecision> onResponse = new CompletableFuture<>();
    TestOrigin origin = lab.origin();
    Proxy behind =
        lab.proxy(
            origin, lab.plugin("a").onResponseHeaders(ctx -> ResponseDecision.later(onResponse)));
    ClientExchange second = lab.client(behind).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    lab.recorder().await("a", "onResponseHeaders");

    second.vanish();

    request.awaitAborted();
    checkGone(lab, 2);
  }

  @Rule(id = "S-12", intent = "a client that leaves while a plugin collects ends the exchange")
  void clientLeavesWhilePluginCollects(Lab lab) {
    TestOrigin unasked = lab.origin();
    Proxy before =
        lab.proxy(
            unasked,
            lab.plugin("a")
                .onRequest(ctx -> RequestDecision.withBody(100, b -> RequestDecision.proceed())));
    ClientExchange first = lab.client(before).stream("POST", "/");
    first.send("one");
    lab.recorder().await("a", "onRequest");

    first.vanish();

    checkGone(lab, 1);
    lab.awaitIdle(before);
    assertEquals(0, unasked.requests());

    TestOrigin origin = lab.origin();
    Proxy behind =
        lab.proxy(
            origin,
            lab.plugin("a")
                .onResponseHeaders(
                    ctx -> ResponseDecision.withBody(100, b -> ResponseDecision.proceed())));
    ClientExchange second = lab.client(behind).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("one");
    lab.recorder().await("a", "onResponseHeaders");

    second.vanish();

    request.awaitAborted();
    checkGone(lab, 2);
  }

  @Rule(id = "S-13", intent = "a response that ends early ends uncleanly for the client")
  void shortResponseIsUnclean(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    String[][] heads = {{"Content-Length", "10"}, {}};
    for (String[] head : heads) {
      ClientExchange exchange = lab.client(proxy).get("/");
      OriginRequest request = origin.accept();
      request.head(200, head);
      request.send("half");
      assertEquals("half", exchange.readText(4));

      request.closeEarly();

      assertEquals(Ending.UNCLEAN, exchange.ending());
    }
    HookCall end = lab.recorder().await("a", "onError", heads.length);
    assertEquals(ErrorCode.UPSTREAM_ABORTED, end.fault().code());
    assertEquals(Outcome.ABORTED, end.end().outcome());
  }

  @Rule(id = "S-14", intent = "a request that ends early ends uncleanly for the upstream")
  void shortRequestIsUnclean(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    String[][] heads = {{"Content-Length", "10"}, {}};
    for (String[] head : heads) {
      TestClient client = lab.client(proxy);
      ClientExchange exchange = client.stream("POST", "/", head);
      OriginRequest request = origin.accept();
      exchange.send("half");
      assertEquals("half", request.readText(4));

      client.close();

      assertEquals(Ending.UNCLEAN, request.ending());
    }
    checkGone(lab, heads.length);
  }

  @Rule(id = "S-15", intent = "an early final response is forwarded while the request flows")
  void earlyResponseIsForwarded(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    exchange.send("one");
    assertEquals("one", request.readText(3));

    request.head(413);
    request.send("too");

    assertEquals(413, exchange.status());
    assertEquals("too", exchange.readText(3));
    exchange.send("two");
    assertEquals("two", request.readText(3));
    request.send("much");
    assertEquals("much", exchange.readText(4));
    exchange.end();
    assertEquals("", request.readAllText());
    request.end();
    assertEquals("", exchange.readAllText());
    assertEquals(Outcome.COMPLETED, lab.recorder().awaitEnd("a").end().outcome());
  }

  @Rule(id = "S-16", intent = "after a complete early response the upstream's request is let go")
  void requestEndsWithTheResponse(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    exchange.send("one");
    assertEquals("one", request.readText(3));

    request.head(413, "Content-Length", "2");
    request.send("no");
    request.end();

    // The client neither ends its body nor leaves.
    assertEquals(413, exchange.status());
    assertEquals("no", exchange.readAllText());
    request.awaitAborted();
    assertEquals(Outcome.COMPLETED, lab.recorder().awaitEnd("a").end().outcome());
    lab.awaitIdle(proxy);
  }

  /** Checks that so many ends were told, all of them of a client that left. */
  private static void checkGone(Lab lab, int count) {
    HookCall end = lab.recorder().awaitEnd("a", count);
    assertEquals("onResponseComplete", end.hook());
    assertEquals(Outcome.CLIENT_GONE, end.end().outcome());
    assertTrue(lab.recorder().calls("a", "onError").isEmpty());
    assertFalse(lab.recorder().calls("a", "onResponseComplete").size() > count);
  }
}
