package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.http.Headers;
import dev.headgate.api.http.MutableHeaders;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What plugins set in heads, between client and upstream: H-36 to H-38. */
final class PluginFieldRules {
  @Rule(id = "H-36", intent = "what a plugin sets is not the client's to drop by Connection")
  void clientCantDropWhatAPluginSets(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicReference<String> seen = new AtomicReference<>();
    TestPlugin identifying =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  seen.set(String.valueOf(ctx.request().headers().get("X-User")));
                  ctx.request().headers().set("X-User", "guest");
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, identifying);

    ClientExchange exchange =
        lab.client(proxy).get("/", "Connection", "x-user, TE", "TE", "trailers", "X-User", "admin");
    OriginRequest request = origin.accept();

    assertEquals(List.of("guest"), request.headers().all("X-User"));
    assertEquals("null", seen.get());
    assertEquals("trailers", request.header("TE"));
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-37", intent = "fields of framing and the connection that a plugin sets stay inside")
  void framingIsTheEngines(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin in =
        lab.plugin("in")
            .onRequest(
                ctx -> {
                  frame(ctx.request().headers());
                  return RequestDecision.proceed();
                });
    TestPlugin out =
        lab.plugin("out")
            .onResponseHeaders(
                ctx -> {
                  frame(response(ctx).headers());
                  return ResponseDecision.proceed();
                });
    DirectResponse answer =
        DirectResponse.status(200)
            .header("Content-Length", "99")
            .header("Transfer-Encoding", "chunked")
            .header("Keep-Alive", "max=1")
            .header("X-Kept", "1")
            .text("hello");
    TestPlugin answering =
        lab.plugin("answering").onRequest(ctx -> RequestDecision.respond(answer));

    ClientExchange exchange = lab.client(lab.proxy(origin, in, out)).post("/", "hello");
    OriginRequest request = origin.accept();
    checkFraming(request.headers());
    assertEquals("hello", request.readAllText());
    request.respond(200, "hello");
    checkFraming(exchange.response().headers());
    assertEquals("hello", exchange.readAllText());

    ClientExchange answered = lab.client(lab.proxy(origin, answering)).get("/");
    checkFraming(answered.response().headers());
    assertEquals("hello", answered.readAllText());
  }

  private static void frame(MutableHeaders headers) {
    headers.set("Content-Length", "99");
    headers.set("Transfer-Encoding", "chunked");
    headers.set("Keep-Alive", "max=1");
    headers.set("X-Kept", "1");
  }

  private static void checkFraming(Headers headers) {
    assertEquals(List.of("5"), headers.all("Content-Length"));
    assertEquals("1", headers.get("X-Kept"));
    for (String name : List.of("Transfer-Encoding", "Keep-Alive")) {
      assertNull(headers.get(name), name);
    }
  }

  @Rule(id = "H-38", intent = "the client's own method says whether its response has a body")
  void changedMethodFramesTheRequestOnly(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin swapping =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  ctx.request().method(ctx.request().method().equals("GET") ? "HEAD" : "GET");
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, swapping);

    ClientExchange less = lab.client(proxy).get("/");
    OriginRequest head = origin.accept();
    assertEquals("HEAD", head.method());
    head.head(200, "Content-Length", "5");
    assertEquals(200, less.status());
    assertEquals("0", less.response().header("Content-Length"));
    assertEquals("", less.readAllText());
    assertEquals(Ending.CLEAN, less.ending());

    ClientExchange more = lab.client(proxy).send("HEAD", "/");
    OriginRequest get = origin.accept();
    assertEquals("GET", get.method());
    get.respond(200, "hello");
    assertEquals(200, more.status());
    assertEquals("5", more.response().header("Content-Length"));
    assertEquals("", more.readAllText());
    assertEquals(Ending.CLEAN, more.ending());
  }
}
