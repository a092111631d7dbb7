package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.LONG;
import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.RouteInfo;
import dev.headgate.api.Target;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What plugins share, and blocking ones: P-65 to P-68, P-70, P-71. */
final class ContextRules {
  private static final AttributeKey<String> KEY = AttributeKey.named("key");
  private static final AttributeKey<String> SAME_NAME = AttributeKey.named("key");

  @Rule(id = "P-65", intent = "an attribute is seen by all plugins of its exchange, and no other's")
  void attributesBelongToTheExchange(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    Map<String, Set<String>> values = new ConcurrentHashMap<>();
    TestPlugin writer =
        lab.plugin("writer")
            .priority(10)
            .onRequest(
                ctx -> {
                  note(values, "first " + ctx.request().path(), ctx);
                  if (ctx.request().path().equals("/set")) ctx.attributes().put(KEY, "value");
                  return RequestDecision.proceed();
                });
    TestPlugin reader =
        lab.plugin("reader")
            .priority(20)
            .onRequest(
                ctx -> {
                  note(values, "onRequest " + ctx.request().path(), ctx);
                  return RequestDecision.proceed();
                })
            .onRequestChunk((ctx, chunk, out) -> note(values, hook("onRequestChunk", ctx), ctx))
            .onResponseHeaders(
                ctx -> {
                  note(values, hook("onResponseHeaders", ctx), ctx);
                  return ResponseDecision.proceed();
                })
            .onResponseChunk((ctx, chunk, out) -> note(values, hook("onResponseChunk", ctx), ctx))
            .onResponseComplete(
                (ctx, summary) -> note(values, hook("onResponseComplete", ctx), ctx));
    Proxy proxy = lab.proxy(origin, writer, reader);
    TestClient client = lab.client(proxy);

    ClientExchange open = client.stream("POST", "/set");
    lab.recorder().await("reader", "onRequest");
    assertEquals("body", lab.client(proxy).post("/beside", "body").readAllText());
    open.send("body");
    open.end();
    assertEquals("body", open.readAllText());
    assertEquals("body", client.post("/after", "body").readAllText());
    lab.recorder().awaitEnd("reader", 3);
    lab.awaitIdle(proxy);

    for (String path : List.of("/set", "/beside", "/after")) {
      assertEquals(Set.of("null"), values.get("first " + path));
      for (String hook :
          List.of(
              "onRequest",
              "onRequestChunk",
              "onResponseHeaders",
              "onResponseChunk",
              "onResponseComplete")) {
        Set<String> expected = Set.of(path.equals("/set") ? "value" : "null");
        assertEquals(expected, values.get(hook + " " + path), hook + " " + path);
      }
    }
  }

  private static String hook(String name, ProxyContext ctx) {
    return name + " " + ctx.request().path();
  }

  private static void note(Map<String, Set<String>> values, String where, ProxyContext ctx) {
    values
        .computeIfAbsent(where, key -> ConcurrentHashMap.newKeySet())
        .add(String.valueOf(ctx.attributes().get(KEY)));
  }

  @Rule(id = "P-66", intent = "attribute keys are compared by identity")
  void keysAreIdentities(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    AtomicReference<String> first = new AtomicReference<>();
    AtomicReference<String> second = new AtomicReference<>();
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  ctx.attributes().put(KEY, "one");
                  first.set(show(ctx));
                  ctx.attributes().put(SAME_NAME, "two");
                  return RequestDecision.proceed();
                })
            .onResponseHeaders(
                ctx -> {
                  second.set(show(ctx));
                  return ResponseDecision.proceed();
                });

    assertEquals("ok", lab.client(lab.proxy(origin, plugin)).get("/").readAllText());

    assertEquals("one null", first.get());
    assertEquals("one two", second.get());
  }

  private static String show(ProxyContext ctx) {
    return ctx.attributes().get(KEY) + " " + ctx.attributes().get(SAME_NAME);
  }

  @Rule(
      id = "P-67",
      intent = "a blocking plugin blocks nobody else; its changes come when it returns")
  void blockingCallsBlockNobody(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy aside = lab.proxy(lab.origin().answering(200, "ok"), lab.plugin("aside"));
    CountDownLatch release = new CountDownLatch(1);
    TestPlugin blocking =
        lab.plugin("blocking")
            .priority(10)
            .blocking()
            .hookDeadline(LONG)
            .onRequest(
                ctx -> {
                  ctx.request().headers().set("X-Blocking", "1");
                  ctx.attributes().put(KEY, "put");
                  Waits.on("the rule lets it go", release);
                  return RequestDecision.proceed();
                });
    AtomicReference<@Nullable String> put = new AtomicReference<>();
    TestPlugin behind =
        lab.plugin("behind")
            .priority(20)
            .onRequest(
                ctx -> {
                  put.set(ctx.attributes().get(KEY));
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, blocking, behind);

    List<ClientExchange> blocked = new ArrayList<>();
    for (int i = 0; i < 40; i++) blocked.add(lab.client(proxy).get("/" + i));
    Thread caller = lab.recorder().await("blocking", "onRequest").thread();
    // More calls block than an engine has threads of its own.
    assertEquals("ok", lab.client(aside).get("/").readAllText());
    assertNotEquals(caller, lab.recorder().await("aside", "onRequest").thread());
    assertEquals(0, origin.requests());
    assertEquals(0, lab.recorder().count("behind", "onRequest"));
    origin.answering(request -> request.respond(200, String.valueOf(request.header("X-Blocking"))));
    release.countDown();

    for (ClientExchange exchange : blocked) assertEquals("1", exchange.readAllText());
    assertEquals("put", put.get());
  }

  @Rule(id = "P-68", intent = "a blocking call past its deadline is a fault, and can't reach back")
  void lateBlockingCallHasNoEffect(Lab lab) {
    TestOrigin origin = lab.origin();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    TestPlugin late =
        lab.plugin("late")
            .priority(10)
            .blocking()
            .mayOverlap()
            .hookDeadline(lab.shortTimeout())
            .onRequest(
                ctx -> {
                  ctx.request().headers().set("X-Early", "1");
                  ctx.attributes().put(SAME_NAME, "early");
                  begun.countDown();
                  awaitThroughInterrupts(release);
                  attempt(() -> ctx.request().headers().set("X-Late", "1"));
                  attempt(() -> ctx.request().path("/late"));
                  attempt(() -> ctx.attributes().put(KEY, "late"));
                  written.countDown();
                  return RequestDecision.respond(DirectResponse.status(299).text("late"));
                });
    AtomicReference<@Nullable String> seen = new AtomicReference<>();
    TestPlugin behind =
        lab.plugin("behind")
            .priority(20)
            .onResponseHeaders(
                ctx -> {
                  seen.set(
                      (ctx.request().headers().get("X-Early") + " ")
                          + (ctx.request().headers().get("X-Late") + " ")
                          + (ctx.request().path() + " ")
                          + show(ctx));
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, late, behind);

    ClientExchange exchange = lab.client(proxy).get("/path");
    Waits.on("the call has begun", begun);
    lab.pass();
    OriginRequest request = origin.accept();
    release.countDown();
    Waits.on("the late call has written", written);
    request.respond(200, "ok");

    assertEquals("ok", exchange.readAllText());
    assertEquals(200, exchange.status());
    assertNull(request.header("X-Early"));
    assertEquals("null null /path null null", seen.get());
    assertEquals(1, PluginFixtures.status(proxy, "late").faults());
  }

  private static void attempt(Runnable write) {
    try {
      write.run();
    } catch (IllegalStateException e) {
      // Refusing is as good as ignoring.
    }
  }

  /** Goes on blocking when it is interrupted, as careless code does. */
  private static void awaitThroughInterrupts(CountDownLatch latch) {
    while (true) {
      try {
        Waits.on("the rule lets it go", latch);
        return;
      } catch (AssertionError e) {
        // Waits keeps the mark of an interrupt.
        if (!Thread.interrupted()) throw e;
      }
    }
  }

  @Rule(id = "P-70", intent = "the request id is a UUID, the same in all hooks and the error body")
  void requestIdIsOneThread(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin refusing =
        lab.plugin("b")
            .priority(20)
            .failClosed()
            .onResponseHeaders(
                ctx -> {
                  if (ctx.request().path().equals("/error")) throw PluginFixtures.onPurpose();
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, lab.plugin("a").priority(10), refusing);
    TestClient client = lab.client(proxy);

    assertEquals("ok", client.post("/", "body").readAllText());
    HookCall good = lab.recorder().awaitEnd("a");
    String body = assertError(500, "plugin_failed", client.post("/error", "body"));
    HookCall bad = lab.recorder().awaitEnd("a", 2);
    lab.awaitIdle(proxy);

    Set<String> ids =
        lab.recorder().calls().stream()
            .map(HookCall::exchange)
            .filter(id -> !id.isEmpty())
            .collect(Collectors.toSet());
    assertEquals(Set.of(good.exchange(), bad.exchange()), ids);
    assertEquals(2, ids.size());
    for (String id : ids) assertEquals(UUID.fromString(id).toString(), id);
    assertTrue(body.contains("\"requestId\":\"" + bad.exchange() + "\""), body);
  }

  @Rule(id = "P-71", intent = "route and target are null in onRequest, set in onResponseHeaders")
  void contextTellsWhatIsKnown(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    AtomicReference<@Nullable Object> early = new AtomicReference<>("unset");
    AtomicReference<@Nullable RouteInfo> route = new AtomicReference<>();
    AtomicReference<@Nullable Target> target = new AtomicReference<>();
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  early.set(ctx.route() == null ? ctx.target() : ctx.route());
                  return RequestDecision.proceed();
                })
            .onResponseHeaders(
                ctx -> {
                  route.set(ctx.route());
                  target.set(ctx.target());
                  return ResponseDecision.proceed();
                });
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/users/{id}", origin.url())
                    .route(
                        "/handled",
                        ctx -> RequestDecision.respond(DirectResponse.status(200).text("handled")))
                    .plugin(plugin));

    assertEquals("ok", lab.client(proxy).get("/users/7").readAllText());
    assertNull(early.get());
    RouteInfo matched = route.get();
    assertEquals("/users/{id}", matched == null ? null : matched.pattern());
    assertEquals(Map.of("id", "7"), matched == null ? null : matched.variables());
    Target chosen = target.get();
    assertEquals(origin.url(), chosen == null ? null : chosen.toString());

    assertEquals("handled", lab.client(proxy).get("/handled").readAllText());
    RouteInfo handled = route.get();
    assertEquals("/handled", handled == null ? null : handled.pattern());
    assertNull(target.get());
  }
}
