package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.response;
import static dev.headgate.tck.rules.PluginFixtures.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Decisions on whole bodies: P-16 to P-22. */
final class BodyDecisionRules {
  @Rule(id = "P-16", intent = "withBody gives the whole request body, then sends it on unchanged")
  void collectedRequestGoesOn(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicReference<String> collected = new AtomicReference<>();
    TestPlugin plugin =
        lab.plugin("a")
            .priority(10)
            .onRequest(
                ctx ->
                    RequestDecision.withBody(
                        100,
                        body -> {
                          collected.set(body.text());
                          ctx.request().headers().set("X-Size", "" + body.size());
                          return RequestDecision.proceed();
                        }));
    Proxy proxy = lab.proxy(origin, plugin, lab.plugin("b").priority(20));

    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    exchange.send("one,");
    lab.recorder().await("a", "onRequest");
    exchange.send("two");
    exchange.end();
    OriginRequest request = origin.accept();

    assertEquals("one,two", collected.get());
    assertEquals("7", request.header("X-Size"));
    assertEquals("one,two", request.readAllText());
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
    assertEquals("one,two", seen(lab, "a", "onRequestChunk"));
    assertEquals("one,two", seen(lab, "b", "onRequestChunk"));
  }

  @Rule(id = "P-17", intent = "a request body over the limit of withBody ends with 413, unsent")
  void oversizeRequestIs413(Lab lab) {
    TestOrigin origin = lab.origin().answering(request -> request.respond(200, "ok"));
    AtomicInteger decided = new AtomicInteger();
    TestPlugin plugin =
        lab.plugin("a")
            .priority(10)
            .onRequest(
                ctx ->
                    RequestDecision.withBody(
                        10,
                        body -> {
                          decided.incrementAndGet();
                          return RequestDecision.proceed();
                        }));
    Proxy proxy = lab.proxy(origin, plugin, lab.plugin("b").priority(20));

    ClientExchange known = lab.client(proxy).post("/", "0123456789a");
    assertError(413, "body_too_large", known);
    ClientExchange unknown = lab.client(proxy).stream("POST", "/");
    unknown.send("0123456789a");
    assertError(413, "body_too_large", unknown);

    assertEquals(ErrorCode.BODY_TOO_LARGE, lab.recorder().awaitEnd("a", 2).fault().code());
    assertEquals(0, decided.get());
    assertEquals(0, origin.requests());
    assertEquals(0, lab.recorder().count("b", "onRequest"));
    // Right at the limit is not over it.
    assertEquals("ok", lab.client(proxy).post("/", "0123456789").readAllText());
    assertEquals(1, decided.get());
  }

  @Rule(id = "P-18", intent = "withBody on a request without a body gives an empty one")
  void missingRequestBodyIsEmpty(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicInteger size = new AtomicInteger(-1);
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx ->
                    RequestDecision.withBody(
                        10,
                        body -> {
                          size.set(body.size());
                          return RequestDecision.proceed();
                        }));
    Proxy proxy = lab.proxy(origin, plugin);

    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.respond(200, "ok");

    assertEquals("ok", exchange.readAllText());
    assertEquals(0, size.get());
    assertEquals("GET", request.method());
    assertNull(request.header("Content-Length"));
    assertNull(request.header("Transfer-Encoding"));
    assertEquals(0, lab.recorder().count("a", "onRequestChunk"));
  }

  @Rule(id = "P-19", intent = "proceedWithBody sends another request body with its own length")
  void requestBodyIsReplaced(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a")
            .priority(10)
            .onRequest(ctx -> RequestDecision.proceedWithBody(bytes("other body")));
    Proxy proxy = lab.proxy(origin, plugin, lab.plugin("b").priority(20));
    TestClient client = lab.client(proxy);

    ClientExchange known = client.post("/", "the client's own, longer body");
    checkOther(origin, known);
    // The rest of the first body is not in the way of the next request.
    checkOther(origin, client.send("PUT", "/"));
    ClientExchange unknown = lab.client(proxy).stream("POST", "/");
    unknown.send("x");
    unknown.end();
    checkOther(origin, unknown);

    assertEquals("other body".repeat(3), seen(lab, "b", "onRequestChunk"));
  }

  private static void checkOther(TestOrigin origin, ClientExchange exchange) {
    OriginRequest request = origin.accept();
    assertEquals("10", request.header("Content-Length"));
    assertNull(request.header("Transfer-Encoding"));
    assertEquals("other body", request.readAllText());
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "P-20", intent = "replace sends another response and gives the upstream's body up")
  void responseIsReplaced(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicReference<String> before = new AtomicReference<>();
    TestPlugin a =
        lab.plugin("a")
            .priority(10)
            .onResponseHeaders(
                ctx -> {
                  before.set(response(ctx).status() + response(ctx).headers().get("X-Other"));
                  return ResponseDecision.proceed();
                });
    DirectResponse other = DirectResponse.status(503).header("X-Other", "1").text("other");
    TestPlugin b =
        lab.plugin("b").priority(20).onResponseHeaders(ctx -> ResponseDecision.replace(other));
    Proxy proxy = lab.proxy(origin, a, b, lab.plugin("c").priority(30));

    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200, "X-Old", "1");

    assertEquals("other", exchange.readAllText());
    assertEquals(503, exchange.status());
    assertEquals("1", exchange.response().header("X-Other"));
    assertNull(exchange.response().header("X-Old"));
    request.awaitAborted();
    lab.recorder().awaitEnd("a");
    assertEquals("5031", before.get());
    assertEquals("other", seen(lab, "a", "onResponseChunk"));
    assertEquals(0, lab.recorder().count("b", "onResponseChunk"));
    assertEquals(0, lab.recorder().count("c", "onResponseChunk"));
    assertEquals(503, lab.recorder().awaitEnd("c").end().status());
  }

  @Rule(id = "P-21", intent = "withBody gives the whole response body before the head goes out")
  void collectedResponseDecidesTheHead(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a")
            .onResponseHeaders(
                ctx ->
                    ResponseDecision.withBody(
                        10,
                        body -> {
                          response(ctx).status(203);
                          response(ctx).headers().set("X-Body", body.text());
                          return ResponseDecision.proceed();
                        }));
    Proxy proxy = lab.proxy(origin, plugin);

    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("one,");
    lab.recorder().await("a", "onResponseHeaders");
    request.send("two");
    request.end();
    assertEquals("one,two", exchange.readAllText());
    assertEquals(203, exchange.status());
    assertEquals("one,two", exchange.response().header("X-Body"));
    assertEquals("one,two", seen(lab, "a", "onResponseChunk"));

    ClientExchange oversize = lab.client(proxy).get("/");
    OriginRequest large = origin.accept();
    large.head(200);
    large.send("0123456789a");
    assertError(502, "response_too_large", oversize);
    large.awaitAborted();
    assertEquals(ErrorCode.RESPONSE_TOO_LARGE, lab.recorder().awaitEnd("a", 2).fault().code());

    ClientExchange none = lab.client(proxy).send("HEAD", "/");
    origin.accept().head(200, "Content-Length", "99");
    assertEquals(203, none.status());
    assertEquals("", none.response().header("X-Body"));
  }

  @Rule(id = "P-22", intent = "proceedWithBody sends another response body with its own length")
  void responseBodyIsReplaced(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin b =
        lab.plugin("b")
            .priority(20)
            .onResponseHeaders(ctx -> ResponseDecision.proceedWithBody(bytes("other body")));
    Proxy proxy = lab.proxy(origin, lab.plugin("a").priority(10), b);

    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(201, "X-Kept", "1", "Content-Length", "100");

    assertEquals("other body", exchange.readAllText());
    assertEquals(201, exchange.status());
    assertEquals("1", exchange.response().header("X-Kept"));
    assertEquals("10", exchange.response().header("Content-Length"));
    request.awaitAborted();
    assertEquals("other body", seen(lab, "a", "onResponseChunk"));
  }
}
