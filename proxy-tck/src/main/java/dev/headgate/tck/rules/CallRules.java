package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.LONG;
import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.seen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.Timings;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** Which calls are made, and when: P-60 to P-64. */
final class CallRules {
  @Rule(id = "P-60", intent = "calls of one direction of an exchange do not overlap")
  void callsDoNotOverlap(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy aside = lab.proxy(lab.origin().answering(200, "ok"));
    CountDownLatch in = new CountDownLatch(1);
    CountDownLatch out = new CountDownLatch(1);
    TestPlugin fast = lab.plugin("fast").priority(10);
    TestPlugin slow =
        lab.plugin("slow")
            .priority(20)
            .blocking()
            .hookDeadline(LONG)
            .onRequestChunk((ctx, chunk, sink) -> Waits.on("the rule lets it go", in))
            .onResponseChunk((ctx, chunk, sink) -> Waits.on("the rule lets it go", out));
    Proxy proxy = lab.proxy(origin, fast, slow, lab.plugin("last").priority(30));

    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    exchange.send("one");
    lab.recorder().await("slow", "onRequestChunk");
    exchange.send("two");
    // An exchange aside, so that a call that does not wait had its time.
    assertEquals("ok", lab.client(aside).get("/").readAllText());
    assertEquals(1, lab.recorder().count("fast", "onRequestChunk"));
    in.countDown();
    exchange.end();
    OriginRequest request = origin.accept();
    assertEquals("onetwo", request.readAllText());

    request.head(200);
    request.send("three");
    lab.recorder().await("slow", "onResponseChunk");
    request.send("four");
    assertEquals("ok", lab.client(aside).get("/").readAllText());
    assertEquals(1, lab.recorder().count("last", "onResponseChunk"));
    assertEquals(0, lab.recorder().count("fast", "onResponseChunk"));
    out.countDown();
    request.end();
    assertEquals("threefour", exchange.readAllText());

    assertEquals(List.of(), lab.recorder().misuses());
  }

  @Rule(id = "P-61", intent = "each hook is called exactly once for each event")
  void hooksAreCalledOnce(Lab lab) {
    TestOrigin origin =
        lab.origin().answering(request -> request.respond(200, request.readAllText()));
    TestPlugin deciding =
        lab.plugin("deciding")
            .priority(10)
            .onRequest(
                ctx ->
                    RequestDecision.later(
                        CompletableFuture.supplyAsync(
                            () ->
                                RequestDecision.withBody(
                                    100, body -> RequestDecision.proceed(edited -> {})))))
            .onResponseHeaders(
                ctx -> ResponseDecision.withBody(100, body -> ResponseDecision.proceed()));
    Proxy proxy = lab.proxy(origin, deciding, lab.plugin("plain").priority(20));

    assertEquals("body", lab.client(proxy).post("/", "body").readAllText());
    lab.recorder().awaitEnd("deciding");
    lab.awaitIdle(proxy);

    for (String plugin : List.of("deciding", "plain")) {
      for (String hook : List.of("onRequest", "onResponseHeaders", "onResponseComplete")) {
        assertEquals(1, lab.recorder().count(plugin, hook), plugin + "." + hook);
      }
      assertEquals(0, lab.recorder().count(plugin, "onError"));
      for (String hook : List.of("onRequestChunk", "onResponseChunk")) {
        List<HookCall> calls = lab.recorder().calls(plugin, hook);
        assertEquals("body", seen(lab, plugin, hook), plugin + "." + hook);
        assertEquals(1, calls.stream().filter(HookCall::last).count(), plugin + "." + hook);
        assertTrue(calls.get(calls.size() - 1).last(), plugin + "." + hook);
      }
    }
  }

  @Rule(id = "P-62", intent = "each plugin that saw an exchange begin is told one end, after all")
  void eachBeginningHasOneEnd(Lab lab) {
    TestOrigin origin =
        lab.origin()
            .answering(
                request -> {
                  if (request.target().equals("/silent")) {
                    request.awaitAborted();
                  } else {
                    request.respond(200, "ok");
                  }
                });
    TestPlugin deciding =
        lab.plugin("b")
            .priority(20)
            .onRequest(
                ctx ->
                    switch (ctx.request().path()) {
                      case "/direct" -> RequestDecision.respond(DirectResponse.status(200).empty());
                      case "/fail" ->
                          RequestDecision.fail(
                              new ProxyFault(ErrorCode.INTERNAL, Phase.REQUEST_HOOKS, "No."));
                      default -> RequestDecision.proceed();
                    });
    TestPlugin breaking =
        lab.plugin("c")
            .priority(30)
            .failClosed()
            .onResponseHeaders(
                ctx -> {
                  if (ctx.request().path().equals("/broken")) throw onPurpose();
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, lab.plugin("a").priority(10), deciding, breaking);

    assertEquals("ok", lab.client(proxy).post("/", "body").readAllText());
    assertEquals("", lab.client(proxy).get("/direct").readAllText());
    assertError(500, "internal", lab.client(proxy).get("/fail"));
    assertError(500, "plugin_failed", lab.client(proxy).get("/broken"));
    ClientExchange leaving = lab.client(proxy).get("/silent");
    lab.recorder().await("c", "onRequest", 3);
    leaving.vanish();
    lab.recorder().awaitEnd("a", 5);
    lab.awaitIdle(proxy);

    for (String plugin : List.of("a", "b", "c")) {
      Map<String, List<HookCall>> exchanges =
          lab.recorder().calls(plugin).stream()
              .filter(call -> !call.exchange().isEmpty())
              .collect(
                  Collectors.groupingBy(HookCall::exchange, TreeMap::new, Collectors.toList()));
      assertEquals(plugin.equals("c") ? 3 : 5, exchanges.size(), plugin);
      for (List<HookCall> calls : exchanges.values()) {
        assertEquals("onRequest", calls.get(0).hook(), calls::toString);
        assertEquals(
            1, calls.stream().filter(call -> call.summary() != null).count(), calls::toString);
        assertTrue(calls.get(calls.size() - 1).summary() != null, calls::toString);
      }
    }
  }

  @Rule(id = "P-63", intent = "the summary tells status, bytes and timings that grow")
  void summaryIsTrue(Lab lab) {
    Duration step = Duration.ofMillis(50);
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));

    ClientExchange exchange = lab.client(proxy).post("/", "12345");
    OriginRequest request = origin.accept();
    assertEquals("12345", request.readAllText());
    lab.settle();
    lab.time().advance(step);
    request.head(201);
    assertEquals(201, exchange.status());
    lab.settle();
    lab.time().advance(step);
    request.send("12");
    assertEquals("12", exchange.readText(2));
    lab.settle();
    lab.time().advance(step);
    request.send("3");
    request.end();
    assertEquals("3", exchange.readAllText());

    ExchangeSummary summary = lab.recorder().await("a", "onResponseComplete").end();
    assertEquals(Outcome.COMPLETED, summary.outcome());
    assertEquals(201, summary.status());
    assertEquals(5, summary.requestBytes());
    assertEquals(3, summary.responseBytes());
    Timings timings = summary.timings();
    assertTrue(timings.requestHooks() >= 0, timings::toString);
    assertTrue(timings.connected() >= timings.requestHooks(), timings::toString);
    assertTrue(timings.requestSent() >= timings.connected(), timings::toString);
    assertTrue(timings.responseHead() > timings.requestSent(), timings::toString);
    assertTrue(timings.firstByte() >= timings.responseHead() + step.toNanos(), timings::toString);
    assertTrue(timings.end() >= timings.firstByte() + step.toNanos(), timings::toString);
    assertEquals(timings.end(), timings.total().toNanos());
  }

  @Rule(id = "P-64", intent = "a client that left is told as CLIENT_GONE, not as an error")
  void leavingIsNoError(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));

    ClientExchange early = lab.client(proxy).get("/");
    OriginRequest unanswered = origin.accept();
    early.vanish();
    unanswered.awaitAborted();
    HookCall first = lab.recorder().awaitEnd("a");
    ClientExchange late = lab.client(proxy).get("/");
    OriginRequest answered = origin.accept();
    answered.head(200);
    answered.send("half");
    assertEquals("half", late.readText(4));
    late.vanish();
    answered.awaitAborted();
    HookCall second = lab.recorder().awaitEnd("a", 2);
    lab.awaitIdle(proxy);

    assertEquals("onResponseComplete", first.hook());
    assertEquals(Outcome.CLIENT_GONE, first.end().outcome());
    assertEquals(0, first.end().status());
    assertEquals("onResponseComplete", second.hook());
    assertEquals(Outcome.CLIENT_GONE, second.end().outcome());
    assertEquals(200, second.end().status());
    assertEquals(0, lab.recorder().count("a", "onError"));
  }
}
