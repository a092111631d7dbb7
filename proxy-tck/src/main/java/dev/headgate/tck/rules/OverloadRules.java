package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Limits;
import dev.headgate.core.route.Route;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** Too much at once, or too slowly: E-20 to E-27. */
final class OverloadRules {
  private static final Duration LONG = Duration.ofMinutes(5);

  private static Proxy proxy(Lab lab, TestOrigin origin, Admission limit) {
    return lab.proxy(builder -> builder.route("/**", origin.url()).admission(limit));
  }

  @Rule(id = "E-20", intent = "more exchanges than may run and wait give 503 overloaded")
  void overloadIs503(Lab lab) {
    TestOrigin origin = lab.origin();
    Admission one = Admission.of(1).withQueue(0, LONG).withRetryAfter(Duration.ofMillis(6500));
    Proxy proxy = proxy(lab, origin, one);
    ClientExchange first = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    Problem refused = Problem.read(lab.client(proxy).get("/"), ErrorCode.OVERLOADED);
    assertEquals(List.of("7"), refused.head().all("Retry-After"));

    request.respond(200, "ok");
    assertEquals("ok", first.readAllText());
    lab.awaitIdle(proxy);
    ClientExchange next = lab.client(proxy).get("/");
    origin.accept().respond(200, "next");
    assertEquals("next", next.readAllText());
    assertEquals(2, origin.requests());
  }

  @Rule(id = "E-21", intent = "those that wait get their turn in the order in which they came")
  void turnsComeInOrder(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/free", origin.url())
                    .route(
                        Route.builder("/**")
                            .target(origin.url())
                            .admission(Admission.of(1).withQueue(3, LONG))
                            .build()));
    ClientExchange first = lab.client(proxy).get("/0");
    OriginRequest running = origin.accept();
    List<ClientExchange> waiting = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      waiting.add(lab.client(proxy).get("/" + number));
      Waits.until("it has come", () -> proxy.inFlight() == number + 1);
      // Nothing tells that it has taken the few steps more to its place in the queue.
      lab.settle();
      lab.time().advance(Duration.ofMillis(100));
    }
    Problem.read(lab.client(proxy).get("/4"), ErrorCode.OVERLOADED);
    // The limit is the route's.
    ClientExchange free = lab.client(proxy).get("/free");
    origin.accept().respond(200, "free");
    assertEquals("free", free.readAllText());

    running.respond(200, "/0");
    assertEquals("/0", first.readAllText());
    for (int i = 1; i <= 3; i++) {
      OriginRequest request = origin.accept();
      assertEquals("/" + i, request.target());
      request.respond(200, "turn " + i);
      assertEquals("turn " + i, waiting.get(i - 1).readAllText());
    }
  }

  @Rule(
      id = "E-22",
      intent = "one that waits for too long gives 503 overloaded, unheard by plugins")
  void waitingEnds(Lab lab) {
    TestOrigin origin = lab.origin();
    // So long that it is seen to wait.
    Duration most = lab.shortTimeout().multipliedBy(2);
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(lab.plugin("a"))
                    .admission(Admission.of(1).withQueue(5, most)));
    ClientExchange first = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    ClientExchange waiting = lab.client(proxy).get("/");
    Waits.until("it has come", () -> proxy.inFlight() == 2);
    lab.time().advance(most);
    Problem refused = Problem.read(waiting, ErrorCode.OVERLOADED);
    assertEquals("1", refused.head().header("Retry-After"));
    request.respond(200, "ok");
    assertEquals("ok", first.readAllText());
    lab.awaitIdle(proxy);
    assertEquals(1, lab.recorder().count("a", "onRequest"));
    assertEquals(0, lab.recorder().count("a", "onError"));
  }

  @Rule(id = "E-23", intent = "a client that leaves the queue frees its place")
  void leavingFreesThePlace(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin, Admission.of(1).withQueue(1, LONG));
    ClientExchange first = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    TestClient leaver = lab.client(proxy);
    ClientExchange unused = leaver.get("/");
    Waits.until("it has come", () -> proxy.inFlight() == 2);
    leaver.close();
    Waits.until("it has gone", () -> proxy.inFlight() == 1);

    ClientExchange next = lab.client(proxy).get("/next");
    Waits.until("it has come", () -> proxy.inFlight() == 2);
    request.respond(200, "ok");
    assertEquals("ok", first.readAllText());
    OriginRequest second = origin.accept();
    assertEquals("/next", second.target());
    second.respond(200, "next");
    assertEquals("next", next.readAllText());
    lab.note("left: " + unused);
  }

  @Rule(id = "E-24", intent = "those that wait are answered when the proxy stops")
  void stopAnswersThoseThatWait(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin, Admission.of(1).withQueue(5, LONG));
    ClientExchange first = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    ClientExchange waiting = lab.client(proxy).get("/");
    Waits.until("it has come", () -> proxy.inFlight() == 2);

    Future<Void> stopped = lab.beginStop(proxy, LONG);

    Problem.read(waiting, ErrorCode.STOPPING);
    request.respond(200, "ok");
    assertEquals("ok", first.readAllText());
    Waits.on("the proxy has stopped", stopped);
    assertEquals(1, origin.requests());
  }

  @Rule(id = "E-25", intent = "a body that trickles in more slowly than asked for gives 408")
  void tricklingBodiesAre408(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy patient = rated(lab, origin, new DataRates(1_000_000, 0, LONG));
    ClientExchange inTime = lab.client(patient).stream("POST", "/");
    OriginRequest taken = origin.accept();
    inTime.send("body");
    inTime.end();
    assertEquals("body", taken.readAllText());
    taken.respond(200, "ok");
    assertEquals("ok", inTime.readAllText());

    Proxy proxy = rated(lab, origin, new DataRates(1_000_000, 0, lab.shortTimeout()));
    ClientExchange slow = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();
    slow.send("trickle");
    lab.pass();
    Problem.read(slow, ErrorCode.REQUEST_TIMEOUT);
    assertEquals(Ending.UNCLEAN, request.ending());
  }

  private static Proxy rated(Lab lab, TestOrigin origin, DataRates rates) {
    return lab.proxy(
        builder -> builder.route("/**", origin.url()).plugin(lab.plugin("a")).dataRates(rates));
  }

  @Rule(id = "E-27", intent = "a client that takes its response too slowly is given up")
  void slowReadersAreGivenUp(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = rated(lab, origin, new DataRates(0, 1L << 50, lab.shortTimeout()));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, exchange.status());
    Problem.stall(lab, request);
    lab.pass();
    request.awaitAborted();
    assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd("a").end().outcome());
    assertEquals(Ending.UNCLEAN, exchange.ending());
  }

  @Rule(id = "E-26", intent = "more fields than allowed give 431")
  void tooManyFieldsAre431(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy =
        lab.proxy(
            builder ->
                builder.route("/**", origin.url()).limits(Limits.defaults().withMaxFields(20)));
    String[] fields = new String[40];
    for (int i = 0; i < fields.length; i += 2) {
      fields[i] = "X-" + i;
      fields[i + 1] = "1";
    }
    Problem.read(lab.client(proxy).get("/", fields), ErrorCode.FIELDS_TOO_LARGE);
    assertEquals(0, origin.requests());
  }
}
