package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.response;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.Hook;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The order of plugins: P-01 to P-07. */
final class OrderRules {
  @Rule(id = "P-01", intent = "onRequest is called by ascending priority")
  void requestsAscend(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin, lab.plugin("b").priority(20), lab.plugin("a").priority(10));

    assertEquals(200, lab.client(proxy).get("/").status());

    assertEquals(List.of("a", "b"), lab.recorder().order("onRequest"));
  }

  @Rule(id = "P-02", intent = "onResponseHeaders is called by descending priority")
  void responsesDescend(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin, lab.plugin("a").priority(10), lab.plugin("b").priority(20));

    assertEquals(200, lab.client(proxy).get("/").status());

    assertEquals(List.of("b", "a"), lab.recorder().order("onResponseHeaders"));
  }

  @Rule(id = "P-03", intent = "chunks go through plugins in the order of the heads")
  void chunksFollowTheHeads(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    Proxy proxy = lab.proxy(origin, marking(lab, "a", 10), marking(lab, "b", 20));

    ClientExchange exchange = lab.client(proxy).post("/", "x");

    // In through a and b; out through b and a.
    assertEquals("xabba", exchange.readAllText());
  }

  private static TestPlugin marking(Lab lab, String id, int priority) {
    return lab.plugin(id)
        .priority(priority)
        .changesBodies()
        .onRequestChunk(
            (ctx, chunk, out) -> {
              out.pass(chunk);
              if (chunk.last()) out.emit(bytes(id));
            })
        .onResponseChunk(
            (ctx, chunk, out) -> {
              out.pass(chunk);
              if (chunk.last()) out.emit(bytes(id));
            });
  }

  @Rule(id = "P-04", intent = "equal priorities keep registration order in, and its reverse out")
  void equalPrioritiesKeepRegistrationOrder(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy =
        lab.proxy(origin, marking(lab, "b", 500), marking(lab, "a", 500), marking(lab, "c", 500));

    assertEquals("okcab", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("b");

    assertEquals(List.of("b", "a", "c"), lab.recorder().order("onRequest"));
    assertEquals(List.of("c", "a", "b"), lab.recorder().order("onResponseHeaders"));
    assertEquals(List.of("c", "a", "b"), lab.recorder().order("onResponseComplete"));
  }

  @Rule(id = "P-05", intent = "a priority given at registration replaces the declared one")
  void registrationOverridesPriorities(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin declared = lab.plugin("b").priority(10).priority(Hook.RESPONSE_HEADERS, 5);
    Proxy all =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(declared, options -> options.priority(30))
                    .plugin(lab.plugin("a").priority(20)));
    Proxy single =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(lab.plugin("c").priority(10))
                    .plugin(
                        lab.plugin("d").priority(20),
                        options -> options.priority(Hook.RESPONSE_HEADERS, 5)));

    assertEquals("ok", lab.client(all).get("/").readAllText());
    lab.recorder().awaitEnd("a");
    assertEquals(List.of("a", "b"), lab.recorder().order("onRequest"));
    assertEquals(List.of("b", "a"), lab.recorder().order("onResponseHeaders"));
    lab.recorder().clear();

    assertEquals("ok", lab.client(single).get("/").readAllText());
    lab.recorder().awaitEnd("c");
    lab.recorder().awaitEnd("d");
    assertEquals(List.of("c", "d"), lab.recorder().order("onRequest"));
    assertEquals(List.of("c", "d"), lab.recorder().order("onResponseHeaders"));
    assertEquals(List.of("d", "c"), lab.recorder().order("onResponseComplete"));
  }

  @Rule(id = "P-06", intent = "what onRequest writes is seen by plugins behind and by the upstream")
  void requestEditsTakeEffect(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicReference<String> behind = new AtomicReference<>();
    TestPlugin writer =
        lab.plugin("a")
            .priority(10)
            .onRequest(
                ctx -> {
                  ctx.request().method("DELETE");
                  ctx.request().path("/new");
                  ctx.request().query("y=2");
                  ctx.request().headers().set("X-Set", "1");
                  ctx.request().headers().add("X-More", "second");
                  ctx.request().headers().remove("X-Drop");
                  return RequestDecision.proceed();
                });
    TestPlugin reader =
        lab.plugin("b")
            .priority(20)
            .onRequest(
                ctx -> {
                  behind.set(
                      ctx.request().method()
                          + (" " + ctx.request().path() + "?" + ctx.request().query())
                          + (" " + ctx.request().headers().get("X-Set"))
                          + (" " + ctx.request().headers().all("X-More"))
                          + (" " + ctx.request().headers().get("X-Drop")));
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, writer, reader);

    ClientExchange exchange =
        lab.client(proxy).get("/old?x=1", "X-Drop", "1", "X-More", "first", "X-Set", "0");
    OriginRequest request = origin.accept();
    request.respond(200, "ok");

    assertEquals("ok", exchange.readAllText());
    assertEquals("DELETE /new?y=2 1 [first, second] null", behind.get());
    assertEquals("DELETE", request.method());
    assertEquals("/new?y=2", request.target());
    assertEquals(List.of("1"), request.headers().all("X-Set"));
    assertEquals(List.of("first", "second"), request.headers().all("X-More"));
    assertNull(request.header("X-Drop"));
  }

  @Rule(
      id = "P-07",
      intent = "what onResponseHeaders writes is seen by plugins before and by the client")
  void responseEditsTakeEffect(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(200, "ok", "X-Drop", "1", "X-More", "first", "X-Set", "0");
    AtomicReference<String> before = new AtomicReference<>();
    TestPlugin reader =
        lab.plugin("a")
            .priority(10)
            .onResponseHeaders(
                ctx -> {
                  before.set(
                      response(ctx).status()
                          + (" " + response(ctx).headers().get("X-Set"))
                          + (" " + response(ctx).headers().all("X-More"))
                          + (" " + response(ctx).headers().get("X-Drop")));
                  return ResponseDecision.proceed();
                });
    TestPlugin writer =
        lab.plugin("b")
            .priority(20)
            .onResponseHeaders(
                ctx -> {
                  response(ctx).status(203);
                  response(ctx).headers().set("X-Set", "1");
                  response(ctx).headers().add("X-More", "second");
                  response(ctx).headers().remove("X-Drop");
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, reader, writer);

    ClientExchange exchange = lab.client(proxy).get("/");

    assertEquals("ok", exchange.readAllText());
    assertEquals("203 1 [first, second] null", before.get());
    assertEquals(203, exchange.status());
    assertEquals(List.of("1"), exchange.response().all("X-Set"));
    assertEquals(List.of("first", "second"), exchange.response().all("X-More"));
    assertNull(exchange.response().header("X-Drop"));
  }
}
