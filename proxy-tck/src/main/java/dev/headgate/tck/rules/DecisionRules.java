package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static dev.headgate.tck.rules.PluginFixtures.response;
import static dev.headgate.tck.rules.PluginFixtures.seen;
import static dev.headgate.tck.rules.PluginFixtures.wayThroughTheCore;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Decisions on the head: P-08 to P-15, P-23. */
final class DecisionRules {
  private static final DirectResponse ANSWER =
      DirectResponse.status(299).header("X-By", "b").text("answer");

  private static TestPlugin answering(Lab lab, String id) {
    return lab.plugin(id).onRequest(ctx -> RequestDecision.respond(ANSWER));
  }

  @Rule(id = "P-08", intent = "respond answers the client; plugins before see the response")
  void answerPassesThePluginsBefore(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "the upstream's");
    AtomicReference<String> before = new AtomicReference<>();
    TestPlugin a =
        lab.plugin("a")
            .priority(10)
            .onResponseHeaders(
                ctx -> {
                  before.set(response(ctx).status() + response(ctx).headers().get("X-By"));
                  return ResponseDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, a, answering(lab, "b").priority(20));

    ClientExchange exchange = lab.client(proxy).get("/");

    assertEquals("answer", exchange.readAllText());
    assertEquals(299, exchange.status());
    assertEquals("b", exchange.response().header("X-By"));
    lab.recorder().awaitEnd("a");
    assertEquals("299b", before.get());
    assertEquals("answer", seen(lab, "a", "onResponseChunk"));
    assertEquals(0, origin.requests());
    List<String> own = lab.recorder().calls("b").stream().map(HookCall::hook).toList();
    int first = own.indexOf("onRequest");
    assertEquals(List.of("onRequest", "onResponseComplete"), own.subList(first, own.size()));
  }

  @Rule(id = "P-09", intent = "plugins behind one that answered do not hear of the exchange")
  void answerHidesTheExchangeBehind(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin refusing =
        lab.plugin("b")
            .priority(20)
            .onRequest(
                ctx ->
                    ctx.request().path().equals("/fail")
                        ? RequestDecision.fail(quota())
                        : RequestDecision.respond(ANSWER));
    Proxy proxy =
        lab.proxy(origin, lab.plugin("a").priority(10), refusing, lab.plugin("c").priority(30));

    assertEquals("answer", lab.client(proxy).post("/", "body").readAllText());
    assertError(429, "over_quota", lab.client(proxy).get("/fail"));

    lab.recorder().awaitEnd("a", 2);
    lab.awaitIdle(proxy);
    assertEquals(
        List.of(),
        lab.recorder().calls("c").stream().filter(call -> !call.exchange().isEmpty()).toList());
  }

  private static ProxyError quota() {
    return new ClientFault(
        ErrorCode.of("over_quota", 429), Phase.REQUEST_HOOKS, "The quota is used up.");
  }

  /** Publishes what it is told to, and watches how it is asked. */
  private static final class Stepped implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
    final AtomicInteger subscriptions = new AtomicInteger();
    final AtomicReference<String> wrong = new AtomicReference<>("");
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> given) {
      subscriptions.incrementAndGet();
      subscriber = given;
      given.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      int open = asked.addAndGet((int) n);
      if (n != 1 || open != 1) wrong.set("asked for " + n + ", so " + open + " are open");
    }

    @Override
    public void cancel() {}

    /** Publishes once it is asked. */
    void publish(String text) {
      Waits.until("the publisher is asked for a buffer", () -> asked.get() > 0);
      asked.decrementAndGet();
      to().onNext(bytes(text));
    }

    Flow.Subscriber<? super ByteBuffer> to() {
      Flow.Subscriber<? super ByteBuffer> to = subscriber;
      if (to == null) throw new AssertionError("nobody subscribed");
      return to;
    }
  }

  @Rule(id = "P-10", intent = "a published response goes out buffer by buffer, asked for singly")
  void publishedBuffersAreNotHeld(Lab lab) {
    TestOrigin origin = lab.origin();
    Stepped publisher = new Stepped();
    DirectResponse stream = DirectResponse.status(200).stream(publisher);
    Proxy proxy =
        lab.proxy(
            origin,
            lab.plugin("a").priority(10),
            lab.plugin("b").priority(20).onRequest(ctx -> RequestDecision.respond(stream)));
    ClientExchange exchange = lab.client(proxy).get("/");

    assertEquals(200, exchange.status());
    for (int i = 0; i < 5; i++) {
      publisher.publish("piece" + i);
      assertEquals("piece" + i, exchange.readText(6));
    }
    publisher.to().onComplete();

    assertEquals("", exchange.readAllText());
    assertEquals("", publisher.wrong.get());
    assertEquals(1, publisher.subscriptions.get());
    assertEquals(0, origin.requests());
  }

  @Rule(id = "P-11", intent = "fail ends the exchange with the error's status and code")
  void failEndsWithTheError(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy in = lab.proxy(origin, lab.plugin("in").onRequest(ctx -> RequestDecision.fail(quota())));
    Proxy out =
        lab.proxy(
            origin, lab.plugin("out").onResponseHeaders(ctx -> ResponseDecision.fail(quota())));

    assertError(429, "over_quota", lab.client(in).get("/"));
    assertEquals("over_quota", lab.recorder().awaitEnd("in").fault().code().id());
    assertEquals(0, origin.requests());

    ClientExchange exchange = lab.client(out).get("/");
    origin.accept().head(200, "X-Unseen", "1");
    assertError(429, "over_quota", exchange);
    assertEquals(null, exchange.response().header("X-Unseen"));
    HookCall end = lab.recorder().awaitEnd("out");
    assertEquals("over_quota", end.fault().code().id());
    assertEquals(Outcome.FAILED, end.end().outcome());
    assertEquals(429, end.end().status());
  }

  @Rule(id = "P-12", intent = "a later decision goes on when its stage completes, and not before")
  void laterWaitsForItsStage(Lab lab) throws Exception {
    AtomicInteger answered = new AtomicInteger();
    TestOrigin origin =
        lab.origin()
            .answering(
                request -> {
                  request.respond(200, "ok");
                  answered.incrementAndGet();
                });
    CompletableFuture<RequestDecision> in = new CompletableFuture<>();
    CompletableFuture<ResponseDecision> out = new CompletableFuture<>();
    TestPlugin waiting =
        lab.plugin("a")
            .priority(50)
            .hookDeadline(PluginFixtures.LONG)
            .onRequest(
                ctx ->
                    ctx.request().path().equals("/slow")
                        ? RequestDecision.later(in)
                        : RequestDecision.proceed())
            .onResponseHeaders(
                ctx ->
                    ctx.request().path().equals("/slow")
                        ? ResponseDecision.later(out)
                        : ResponseDecision.proceed());
    Proxy proxy = lab.proxy(origin, waiting, lab.plugin("b").priority(60));
    ClientExchange exchange = lab.client(proxy).get("/slow");
    String slow = lab.recorder().await("a", "onRequest").exchange();

    // An exchange that need not wait, so that one that does not wait had its time.
    assertEquals("ok", lab.client(proxy).get("/fast").readAllText());
    assertEquals(1, lab.recorder().count("b", "onRequest"));
    assertEquals(1, origin.requests());
    lab.beside(() -> in.complete(RequestDecision.proceed()));
    assertEquals(slow, lab.recorder().await("a", "onResponseHeaders", 2).exchange());
    Waits.until("the response is there in full", () -> answered.get() == 2);
    assertEquals("ok", lab.client(proxy).get("/fast").readAllText());
    assertEquals(
        List.of(),
        lab.recorder().calls("a", "onResponseChunk").stream()
            .filter(call -> call.exchange().equals(slow))
            .toList());
    lab.beside(() -> out.complete(ResponseDecision.proceed(ctx -> response(ctx).status(203))));
    assertEquals("ok", exchange.readAllText());
    assertEquals(203, exchange.status());
  }

  @Rule(id = "P-13", intent = "a later that is complete behaves as the decision itself")
  void completedLaterIsTheDecision(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Map<String, List<String>> ways = new ConcurrentHashMap<>();
    TestPlugin a =
        lab.plugin("a")
            .priority(10)
            .onRequest(
                ctx ->
                    switch (ctx.request().path()) {
                      case "/respond" -> later(RequestDecision.respond(ANSWER));
                      case "/fail" -> later(RequestDecision.fail(quota()));
                      case "/nested" -> later(later(RequestDecision.proceed()));
                      case "/plain" -> RequestDecision.proceed();
                      default -> later(RequestDecision.proceed());
                    })
            .onResponseHeaders(
                ctx ->
                    ResponseDecision.later(
                        CompletableFuture.completedFuture(ResponseDecision.proceed())));
    TestPlugin b =
        lab.plugin("b")
            .priority(20)
            .onRequest(
                ctx -> {
                  ways.put(ctx.request().path(), wayThroughTheCore());
                  return RequestDecision.proceed();
                });
    Proxy proxy = lab.proxy(origin, a, b);

    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    HookCall first = lab.recorder().await("a", "onRequest");
    HookCall next = lab.recorder().await("b", "onRequest");
    assertSame(first.thread(), next.thread());
    assertEquals(first.number() + 1, next.number());
    assertEquals("ok", lab.client(proxy).get("/nested").readAllText());
    assertEquals("answer", lab.client(proxy).get("/respond").readAllText());
    assertError(429, "over_quota", lab.client(proxy).get("/fail"));

    assertEquals(2, origin.requests());
    assertEquals(2, lab.recorder().count("b", "onRequest"));
    assertEquals("ok", lab.client(proxy).get("/plain").readAllText());
    assertEquals(ways.get("/plain"), ways.get("/"), "the way to the next plugin");
  }

  private static RequestDecision later(RequestDecision decision) {
    return RequestDecision.later(CompletableFuture.completedFuture(decision));
  }

  @Rule(
      id = "P-14",
      intent = "the edits of a decision are applied before the next plugin is called")
  void editsComeBeforeTheNextPlugin(Lab lab) {
    TestOrigin origin = lab.origin();
    CompletableFuture<RequestDecision> in = new CompletableFuture<>();
    CompletableFuture<ResponseDecision> out = new CompletableFuture<>();
    AtomicReference<@Nullable String> behind = new AtomicReference<>();
    AtomicReference<@Nullable String> before = new AtomicReference<>();
    TestPlugin first =
        lab.plugin("first")
            .priority(10)
            .onRequest(ctx -> RequestDecision.later(in))
            .onResponseHeaders(
                ctx -> {
                  before.set(response(ctx).headers().get("X-Late"));
                  return ResponseDecision.proceed();
                });
    TestPlugin second =
        lab.plugin("second")
            .priority(20)
            .onRequest(
                ctx -> {
                  behind.set(ctx.request().headers().get("X-Late"));
                  return RequestDecision.proceed();
                })
            .onResponseHeaders(ctx -> ResponseDecision.later(out));
    Proxy proxy = lab.proxy(origin, first, second);
    ClientExchange exchange = lab.client(proxy).get("/");

    lab.recorder().await("first", "onRequest");
    in.complete(RequestDecision.proceed(ctx -> ctx.request().headers().set("X-Late", "in")));
    OriginRequest request = origin.accept();
    request.respond(200, "ok");
    lab.recorder().await("second", "onResponseHeaders");
    out.complete(ResponseDecision.proceed(ctx -> response(ctx).headers().set("X-Late", "out")));

    assertEquals("ok", exchange.readAllText());
    assertEquals("in", behind.get());
    assertEquals("in", request.header("X-Late"));
    assertEquals("out", before.get());
    assertEquals("out", exchange.response().header("X-Late"));
  }

  @Rule(id = "P-15", intent = "a later that completes after the client left has no effect")
  void decisionForNobodyHasNoEffect(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    CompletableFuture<RequestDecision> pending = new CompletableFuture<>();
    CompletableFuture<RequestDecision> never = new CompletableFuture<>();
    TestPlugin a =
        lab.plugin("a")
            .priority(10)
            .onRequest(
                ctx ->
                    RequestDecision.later(ctx.request().path().equals("/never") ? never : pending));
    Proxy proxy = lab.proxy(origin, a, lab.plugin("b").priority(20));
    // One whose stage never completes: the lab finds it if it is still waited for.
    ClientExchange undecided = lab.client(proxy).get("/never");
    lab.recorder().await("a", "onRequest");
    undecided.vanish();
    lab.recorder().awaitEnd("a");
    ClientExchange exchange = lab.client(proxy).get("/left");
    String left = lab.recorder().await("a", "onRequest", 2).exchange();

    exchange.vanish();
    assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd("a", 2).end().outcome());
    pending.complete(RequestDecision.proceed());
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    lab.awaitIdle(proxy);

    assertEquals(1, origin.requests());
    assertEquals(1, lab.recorder().count("b", "onRequest"));
    assertEquals(
        1,
        lab.recorder().calls("a").stream()
            .filter(call -> call.exchange().equals(left) && call.summary() != null)
            .count());
  }

  @Rule(
      id = "P-23",
      intent = "a route's handler is asked in place of an upstream, behind all plugins")
  void handlerIsTheLastInTheChain(Lab lab) {
    AtomicReference<List<String>> calledBefore = new AtomicReference<>(List.of());
    TestPlugin last =
        lab.plugin("last")
            .priority(1000)
            .onRequest(
                ctx -> {
                  ctx.request().headers().set("X-Last", "1");
                  return RequestDecision.proceed();
                });
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route(
                        "/**",
                        ctx -> {
                          calledBefore.set(lab.recorder().order("onRequest"));
                          String seen = String.valueOf(ctx.request().headers().get("X-Last"));
                          return RequestDecision.respond(DirectResponse.status(200).text(seen));
                        })
                    .plugin(lab.plugin("first").priority(0))
                    .plugin(last));

    assertEquals("1", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("first");

    assertEquals(List.of("first", "last"), calledBefore.get());
    assertEquals(List.of("last", "first"), lab.recorder().order("onResponseHeaders"));
    assertEquals("1", seen(lab, "last", "onResponseChunk"));
    assertEquals(List.of("last", "first"), lab.recorder().order("onResponseComplete"));
  }
}
