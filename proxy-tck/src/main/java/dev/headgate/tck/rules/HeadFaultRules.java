package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.LONG;
import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.response;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.AttributeKey;
import dev.headgate.api.Attributes;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Faults of deciding hooks: P-30 to P-34. */
final class HeadFaultRules {
  private static final AttributeKey<String> OVERWRITTEN = AttributeKey.named("overwritten");
  private static final AttributeKey<String> ADDED = AttributeKey.named("added");
  private static final AttributeKey<String> REMOVED = AttributeKey.named("removed");

  private static void fill(Attributes attributes) {
    attributes.put(OVERWRITTEN, "before");
    attributes.put(REMOVED, "before");
  }

  private static void spoil(Attributes attributes) {
    attributes.put(OVERWRITTEN, "spoilt");
    attributes.put(OVERWRITTEN, "spoilt again");
    attributes.put(ADDED, "spoilt");
    attributes.put(REMOVED, null);
  }

  private static String show(Attributes attributes) {
    return attributes.get(OVERWRITTEN)
        + " "
        + attributes.get(ADDED)
        + " "
        + attributes.get(REMOVED);
  }

  private static void spoilRequest(ProxyContext ctx) {
    ctx.request().method("DELETE");
    ctx.request().path("/spoilt");
    ctx.request().query("spoilt");
    ctx.request().headers().set("X-Set", "spoilt");
    ctx.request().headers().add("X-Added", "spoilt");
    ctx.request().headers().remove("X-Removed");
    spoil(ctx.attributes());
  }

  private static void spoilResponse(ProxyContext ctx) {
    response(ctx).status(599);
    response(ctx).headers().set("X-Set", "spoilt");
    response(ctx).headers().add("X-Added", "spoilt");
    response(ctx).headers().remove("X-Removed");
    spoil(ctx.attributes());
  }

  @Rule(id = "P-30", intent = "a FAIL_OPEN plugin that throws in onRequest leaves no trace")
  void faultInRequestLeavesNoTrace(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicReference<String> behind = new AtomicReference<>();
    TestPlugin first =
        lab.plugin("first")
            .priority(10)
            .onRequest(
                ctx -> {
                  fill(ctx.attributes());
                  return RequestDecision.proceed();
                });
    TestPlugin thrower =
        lab.plugin("thrower")
            .priority(20)
            .onRequest(
                ctx -> {
                  spoilRequest(ctx);
                  throw onPurpose();
                });
    TestPlugin editor =
        lab.plugin("editor")
            .priority(30)
            .onRequest(
                ctx -> {
                  spoilRequest(ctx);
                  return RequestDecision.proceed(
                      again -> {
                        spoilRequest(again);
                        throw onPurpose();
                      });
                });
    TestPlugin last =
        lab.plugin("last")
            .priority(40)
            .onRequest(
                ctx -> {
                  behind.set(show(ctx.attributes()));
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, first, thrower, editor, last);

    ClientExchange exchange =
        lab.client(proxy).get("/path?query", "X-Set", "before", "X-Removed", "before");
    OriginRequest request = origin.accept();
    request.respond(200, "ok");

    assertEquals("ok", exchange.readAllText());
    assertEquals("before null before", behind.get());
    assertEquals("GET /path?query", request.method() + " " + request.target());
    assertEquals(List.of("before"), request.headers().all("X-Set"));
    assertEquals(List.of(), request.headers().all("X-Added"));
    assertEquals(List.of("before"), request.headers().all("X-Removed"));
  }

  @Rule(id = "P-31", intent = "a FAIL_OPEN plugin that throws in onResponseHeaders leaves no trace")
  void faultInResponseLeavesNoTrace(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok", "X-Set", "before", "X-Removed", "before");
    AtomicReference<String> before = new AtomicReference<>();
    TestPlugin first =
        lab.plugin("first")
            .priority(10)
            .onResponseHeaders(
                ctx -> {
                  before.set(show(ctx.attributes()));
                  return ResponseDecision.proceed();
                });
    TestPlugin editor =
        lab.plugin("editor")
            .priority(20)
            .onResponseHeaders(
                ctx -> {
                  spoilResponse(ctx);
                  return ResponseDecision.proceed(
                      again -> {
                        spoilResponse(again);
                        throw onPurpose();
                      });
                });
    TestPlugin thrower =
        lab.plugin("thrower")
            .priority(30)
            .onResponseHeaders(
                ctx -> {
                  spoilResponse(ctx);
                  throw onPurpose();
                });
    TestPlugin last =
        lab.plugin("last")
            .priority(40)
            .onResponseHeaders(
                ctx -> {
                  fill(ctx.attributes());
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, first, editor, thrower, last);

    ClientExchange exchange = lab.client(proxy).get("/");

    assertEquals("ok", exchange.readAllText());
    assertEquals("before null before", before.get());
    assertEquals(200, exchange.status());
    assertEquals(List.of("before"), exchange.response().all("X-Set"));
    assertEquals(List.of(), exchange.response().all("X-Added"));
    assertEquals(List.of("before"), exchange.response().all("X-Removed"));
  }

  /** Checks that a decision of {@code onRequest} is a fault, whatever the policy. */
  static void checkRequestFault(
      Lab lab, Duration deadline, String id, TestPlugin.OnRequest decision) {
    TestOrigin origin = lab.origin();
    TestPlugin.OnRequest spoiling =
        ctx -> {
          ctx.request().headers().set("X-Spoilt", "1");
          return decision.decide(ctx);
        };
    TestPlugin open = lab.plugin(id + "-open").hookDeadline(deadline).onRequest(spoiling);
    TestPlugin closed =
        lab.plugin(id + "-closed").failClosed().hookDeadline(deadline).onRequest(spoiling);
    Proxy opened = lab.proxy(origin, open);
    Proxy closing = lab.proxy(origin, closed);

    ClientExchange refused = lab.client(closing).get("/");
    ClientExchange passed = lab.client(opened).get("/");
    lab.recorder().await(closed.id(), "onRequest");
    lab.recorder().await(open.id(), "onRequest");
    lab.settle();
    lab.pass();

    assertError(500, "plugin_failed", refused);
    OriginRequest request = origin.accept();
    assertEquals(null, request.header("X-Spoilt"));
    request.respond(200, "ok");
    assertEquals("ok", passed.readAllText());
    assertEquals(1, PluginFixtures.status(opened, open.id()).faults());
    assertEquals(1, PluginFixtures.status(closing, closed.id()).faults());
    assertEquals(1, origin.requests());
  }

  /** Checks that a decision of {@code onResponseHeaders} is a fault, whatever the policy. */
  static void checkResponseFault(
      Lab lab, Duration deadline, String id, TestPlugin.OnResponse decision) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin.OnResponse spoiling =
        ctx -> {
          response(ctx).status(599);
          return decision.decide(ctx);
        };
    TestPlugin open = lab.plugin(id + "-open").hookDeadline(deadline).onResponseHeaders(spoiling);
    TestPlugin closed =
        lab.plugin(id + "-closed").failClosed().hookDeadline(deadline).onResponseHeaders(spoiling);
    Proxy opened = lab.proxy(origin, open);
    Proxy closing = lab.proxy(origin, closed);

    ClientExchange refused = lab.client(closing).get("/");
    ClientExchange passed = lab.client(opened).get("/");
    lab.recorder().await(closed.id(), "onResponseHeaders");
    lab.recorder().await(open.id(), "onResponseHeaders");
    lab.settle();
    lab.pass();

    assertError(500, "plugin_failed", refused);
    assertEquals(200, passed.status());
    assertEquals("ok", passed.readAllText());
    assertEquals(1, PluginFixtures.status(opened, open.id()).faults());
    assertEquals(1, PluginFixtures.status(closing, closed.id()).faults());
  }

  @Rule(id = "P-32", intent = "a hook that returns null is treated as one that throws")
  void nullIsAFault(Lab lab) {
    checkRequestFault(lab, LONG, "null", ctx -> null);
    checkRequestFault(lab, LONG, "null-body", ctx -> RequestDecision.withBody(1, body -> null));
    checkResponseFault(lab, LONG, "null-out", ctx -> null);
    checkResponseFault(
        lab, LONG, "null-body-out", ctx -> ResponseDecision.withBody(9, body -> null));
  }

  @Rule(id = "P-33", intent = "a later that fails, or completes with null, is a fault")
  void failedStageIsAFault(Lab lab) {
    CompletableFuture<RequestDecision> noRequest = CompletableFuture.completedFuture(null);
    CompletableFuture<ResponseDecision> noResponse = CompletableFuture.completedFuture(null);
    checkRequestFault(lab, LONG, "null", ctx -> RequestDecision.later(noRequest));
    checkRequestFault(
        lab,
        LONG,
        "failed",
        ctx ->
            RequestDecision.later(
                CompletableFuture.supplyAsync(
                    () -> {
                      throw onPurpose();
                    })));
    checkResponseFault(lab, LONG, "null-out", ctx -> ResponseDecision.later(noResponse));
    checkResponseFault(
        lab,
        LONG,
        "failed-out",
        ctx -> ResponseDecision.later(CompletableFuture.failedFuture(onPurpose())));
  }

  @Rule(id = "P-34", intent = "a later that is not complete at the hook deadline is a fault")
  void lateStageIsAFault(Lab lab) {
    CompletableFuture<RequestDecision> in = new CompletableFuture<>();
    CompletableFuture<ResponseDecision> out = new CompletableFuture<>();

    checkRequestFault(lab, lab.shortTimeout(), "late", ctx -> RequestDecision.later(in));
    checkResponseFault(lab, lab.shortTimeout(), "late-out", ctx -> ResponseDecision.later(out));

    // What comes after the deadline has no effect; the lab watches that nothing is called.
    in.complete(RequestDecision.proceed(ctx -> ctx.request().path("/late")));
    out.completeExceptionally(onPurpose());
    lab.settle();
  }
}
