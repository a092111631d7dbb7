package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.http.Headers;
import dev.headgate.core.config.Limits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.route.Route;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What clients are shown of errors: E-11 to E-19. */
final class ErrorResponseRules {
  private static final String SECRET = "hush-hush-4711";
  private static final ErrorCode OWN = ErrorCode.of("over_budget", 429);

  /** Paths of {@link #failing}, and what asking for them gives. */
  private static final Map<String, ErrorCode> FAILURES =
      Map.of(
          "/unrouted", ErrorCode.NO_ROUTE,
          "/refused", ErrorCode.CONNECT_FAILED,
          "/unknown", ErrorCode.DNS_ERROR,
          "/faulty", ErrorCode.PLUGIN_FAILED,
          "/own", OWN);

  @Rule(id = "E-11", intent = "no route gives 404 no_route, a wrong method 405 with Allow")
  void unroutedIs404(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder.route(
                    Route.builder("/a").methods("PUT", "GET").target(origin.url()).build()));

    Problem unknown = Problem.read(lab.client(proxy).get("/b"), ErrorCode.NO_ROUTE);
    Problem wrong =
        Problem.read(lab.client(proxy).send("DELETE", "/a"), ErrorCode.METHOD_NOT_ALLOWED);

    assertNull(unknown.head().header("Allow"));
    String allow = String.join(",", wrong.head().all("Allow"));
    assertEquals(Set.of("GET", "PUT"), Set.of(allow.replace(" ", "").split(",")));
    assertEquals(0, origin.requests());
  }

  @Rule(id = "E-12", intent = "an error's body is problem+json with all members")
  void errorBodiesAreProblems(Lab lab) {
    AtomicReference<@Nullable Clock> clock = new AtomicReference<>();
    TestPlugin watch = lab.plugin("watch").onCreate(context -> clock.set(context.clock()));
    Proxy proxy = failing(lab, builder -> builder.plugin(watch));
    Clock engine = Objects.requireNonNull(clock.get());
    lab.time().advance(lab.shortTimeout());
    Instant before = engine.instant();

    Map<ErrorCode, Problem> all = errors(lab, proxy);

    Instant after = engine.instant();
    all.forEach(
        (code, problem) -> {
          assertEquals("urn:headgate:error:" + code.id(), problem.member("type"));
          assertFalse(problem.member("title").isBlank(), code.id());
          assertFalse(problem.member("detail").isBlank(), code.id());
          assertEquals(Integer.toString(code.status()), problem.member("status"));
          assertEquals(code.id(), problem.member("code"));
          String id = problem.member("requestId");
          assertEquals(id, UUID.fromString(id).toString());
          Instant told = Instant.parse(problem.member("timestamp"));
          assertFalse(told.isBefore(before) || told.isAfter(after), () -> "told " + told);
        });
  }

  @Rule(id = "E-13", intent = "an error has Proxy-Status with its RFC 9209 type, unless turned off")
  void errorsHaveProxyStatus(Lab lab) {
    Map<ErrorCode, String> types =
        Map.of(
            ErrorCode.NO_ROUTE,
            "destination_not_found",
            ErrorCode.CONNECT_FAILED,
            "connection_refused",
            ErrorCode.DNS_ERROR,
            "dns_error",
            ErrorCode.PLUGIN_FAILED,
            "proxy_internal_error",
            ErrorCode.HOST_NOT_ALLOWED,
            "http_request_denied",
            OWN,
            "http_request_denied");
    Proxy on = failing(lab, builder -> builder.pseudonym("tester"));
    errors(lab, on)
        .forEach(
            (code, problem) -> {
              List<String> lines = problem.head().all("Proxy-Status");
              assertEquals(1, lines.size(), () -> code.id() + ": " + lines);
              String expected = "tester; error=" + types.get(code);
              assertTrue((lines.get(0) + ";").startsWith(expected + ";"), lines.get(0));
            });

    Proxy off = failing(lab, ProxyBuilder::withoutProxyStatus);
    errors(lab, off)
        .forEach((code, problem) -> assertNull(problem.head().header("Proxy-Status"), code.id()));
  }

  @Rule(id = "E-14", intent = "an error tells nothing of upstreams, exceptions or code")
  void errorsTellNothingInternal(Lab lab) {
    String refusing = lab.refusingUrl();
    String unknown = lab.unknownHostUrl();
    Proxy proxy = failing(lab, refusing, unknown, builder -> builder.pseudonym("tester"));
    TestOrigin origin = lab.origin();
    Proxy resetting = lab.proxy(origin);
    ClientExchange exchange = lab.client(resetting).get("/");
    origin.accept().reset();
    Map<ErrorCode, Problem> all = errors(lab, proxy);
    all.put(ErrorCode.UPSTREAM_ABORTED, Problem.read(exchange, ErrorCode.UPSTREAM_ABORTED));
    Set<String> banned = new HashSet<>(Set.of(SECRET, "Exception", "dev.headgate", "java."));
    for (String url : List.of(refusing, unknown, origin.url())) {
      banned.add(URI.create(url).getHost());
    }

    all.forEach(
        (code, problem) -> {
          StringBuilder shown = new StringBuilder(problem.text());
          Headers fields = problem.head().headers();
          for (int i = 0; i < fields.size(); i++) {
            shown.append('\n').append(fields.name(i)).append(": ").append(fields.value(i));
          }
          for (String word : banned) {
            assertTrue(shown.indexOf(word) < 0, () -> word + " is shown in " + shown);
          }
        });
  }

  @Rule(id = "E-15", intent = "after an error response the next request is served")
  void errorsAreLocal(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = failing(lab, builder -> builder.route("/good", origin.url()));
    FAILURES.forEach(
        (path, code) -> {
          TestClient client = lab.client(proxy);
          for (int i = 0; i < 3; i++) {
            Problem.read(client.get(path), code);
            assertEquals("ok", client.get("/good").readAllText(), path);
          }
          Problem.read(client.post(path, "with a body"), code);
          assertEquals("ok", client.get("/good").readAllText(), path);
        });
  }

  @Rule(id = "E-16", intent = "a request body over the proxy's limit gives 413")
  void largeBodiesAre413(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder.route("/**", origin.url()).limits(Limits.defaults().withMaxBodyBytes(10)));

    ClientExchange known = lab.client(proxy).post("/", "elevenbytes");
    Problem.read(known, ErrorCode.BODY_TOO_LARGE);
    assertEquals(0, origin.requests());

    ClientExchange unknown = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    unknown.send("eleven");
    assertEquals("eleven", request.readText(6));
    unknown.send("bytes");
    Problem.read(unknown, ErrorCode.BODY_TOO_LARGE);
    assertEquals(Ending.UNCLEAN, request.ending());

    for (String text : List.of("just ten..", "")) {
      ClientExchange within = lab.client(proxy).stream("POST", "/");
      within.send(text);
      within.end();
      OriginRequest other = origin.accept();
      assertEquals(text, other.readAllText());
      other.respond(200, "ok");
      assertEquals("ok", within.readAllText());
    }
  }

  @Rule(id = "E-17", intent = "an error for HEAD has no body")
  void errorsForHeadHaveNoBody(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = failing(lab, builder -> builder.route("/good", origin.url()));
    TestClient client = lab.client(proxy);
    FAILURES.forEach(
        (path, code) -> {
          ClientExchange exchange = client.send("HEAD", path);
          assertEquals(code.status(), exchange.status());
          assertEquals("", exchange.readAllText());
          // A body would be taken for the next response.
          assertEquals("ok", client.get("/good").readAllText());
        });
  }

  @Rule(id = "E-18", intent = "each error is told once, with the code that the client got")
  void errorsAreToldOnce(Lab lab) {
    Proxy proxy = failing(lab, builder -> {});
    FAILURES.forEach(
        (path, code) -> {
          lab.recorder().clear();
          Problem.read(lab.client(proxy).get(path), code);
          HookCall end = lab.recorder().awaitEnd("a");
          lab.awaitIdle(proxy);
          lab.settle();

          assertEquals(1, lab.recorder().count("a", "onError"));
          assertEquals(0, lab.recorder().count("a", "onResponseComplete"));
          assertEquals(code, end.fault().code());
          assertEquals(Outcome.FAILED, end.end().outcome());
          assertEquals(code.status(), end.end().status());
        });
  }

  @Rule(id = "E-19", intent = "a client that does not take its response in time is given up")
  void slowClientIsGivenUp(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(lab.plugin("a"))
                    .timeouts(Timeouts.builder().clientIdle(lab.shortTimeout()).build()));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, exchange.status());
    Problem.stall(lab, request);

    lab.pass();

    request.awaitAborted();
    HookCall end = lab.recorder().awaitEnd("a");
    assertEquals("onResponseComplete", end.hook());
    assertEquals(Outcome.CLIENT_GONE, end.end().outcome());
    assertEquals(Ending.UNCLEAN, exchange.ending());
  }

  private static Proxy failing(Lab lab, Consumer<ProxyBuilder> setup) {
    return failing(lab, lab.refusingUrl(), lab.unknownHostUrl(), setup);
  }

  /** Starts a proxy where all of {@link #FAILURES} happen. */
  private static Proxy failing(
      Lab lab, String refusing, String unknown, Consumer<ProxyBuilder> setup) {
    TestPlugin faulty =
        lab.plugin("faulty")
            .priority(900)
            .failClosed()
            .onRequest(
                ctx -> {
                  if (ctx.request().path().equals("/own")) {
                    return RequestDecision.fail(
                        new ClientFault(OWN, Phase.REQUEST_HOOKS, "The budget is used up."));
                  }
                  if (!ctx.request().path().equals("/faulty")) return RequestDecision.proceed();
                  throw new IllegalStateException(SECRET);
                });
    return lab.proxy(
        builder -> {
          builder.route("/refused", refusing).route("/unknown", unknown);
          builder.plugin(lab.plugin("a")).plugin(faulty);
          builder.suspendAfter(1000, Duration.ofHours(1));
          setup.accept(builder);
        });
  }

  /** Makes all of {@link #FAILURES} happen, and one before any plugin. */
  private static Map<ErrorCode, Problem> errors(Lab lab, Proxy proxy) {
    Map<ErrorCode, Problem> all = new HashMap<>();
    FAILURES.forEach(
        (path, code) -> all.put(code, Problem.read(lab.client(proxy).get(path), code)));
    ClientExchange foreign = lab.client(proxy).get("/", "Host", "foreign.test");
    all.put(ErrorCode.HOST_NOT_ALLOWED, Problem.read(foreign, ErrorCode.HOST_NOT_ALLOWED));
    return all;
  }
}
