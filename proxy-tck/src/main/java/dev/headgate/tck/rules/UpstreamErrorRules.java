package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import java.time.Duration;

/** Upstreams that fail or hang: E-01 to E-10. */
final class UpstreamErrorRules {
  @Rule(id = "E-01", intent = "an upstream that refuses gives 502 connect_failed")
  void refusedIs502(Lab lab) {
    Proxy proxy = proxy(lab, lab.refusingUrl(), Timeouts.builder());

    ClientExchange exchange = lab.client(proxy).get("/");

    checkFailed(lab, exchange, ErrorCode.CONNECT_FAILED);
  }

  @Rule(id = "E-02", intent = "an unknown upstream host gives 502 dns_error")
  void unknownHostIs502(Lab lab) {
    Proxy proxy = proxy(lab, lab.unknownHostUrl(), Timeouts.builder());

    ClientExchange exchange = lab.client(proxy).get("/");

    checkFailed(lab, exchange, ErrorCode.DNS_ERROR);
  }

  @Rule(id = "E-03", intent = "an upstream that resets before its head gives 502 upstream_aborted")
  void resetBeforeHeadIs502(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder());
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    request.reset();

    checkFailed(lab, exchange, ErrorCode.UPSTREAM_ABORTED);
    assertEquals(1, origin.requests());
  }

  @Rule(id = "E-04", intent = "an upstream that resets amid its body gives an unclean end")
  void resetAmidBodyIsUnclean(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("half");
    assertEquals("half", exchange.readText(4));

    request.reset();

    checkAborted(lab, exchange, ErrorCode.UPSTREAM_ABORTED);
  }

  @Rule(id = "E-05", intent = "no response head in time gives 504 first_byte_timeout")
  void lateHeadIs504(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder().firstByte(lab.shortTimeout()));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    lab.pass();

    checkFailed(lab, exchange, ErrorCode.FIRST_BYTE_TIMEOUT);
    request.awaitAborted();
  }

  /** Long enough for a slow machine to do in what must come before. */
  private static Duration limit(Lab lab) {
    return lab.shortTimeout().multipliedBy(2);
  }

  private static void passLimit(Lab lab) {
    lab.time().advance(limit(lab).plusMillis(50));
  }

  @Rule(id = "E-06", intent = "too long a pause in the response aborts it with idle_timeout")
  void pausingResponseIsAborted(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder().responseIdle(limit(lab)));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    request.send("half");
    assertEquals("half", exchange.readText(4));

    passLimit(lab);

    checkAborted(lab, exchange, ErrorCode.IDLE_TIMEOUT);
    request.awaitAborted();
  }

  @Rule(id = "E-07", intent = "a request body that pauses too long gives 408 request_timeout")
  void pausingRequestIs408(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder().requestIdle(limit(lab)));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    exchange.send("half");
    OriginRequest request = origin.accept();
    assertEquals("half", request.readText(4));

    passLimit(lab);

    checkFailed(lab, exchange, ErrorCode.REQUEST_TIMEOUT);
    assertEquals(Ending.UNCLEAN, request.ending());
  }

  @Rule(id = "E-08", intent = "an upstream that does not take the body gives 504 send_timeout")
  void slowReaderIs504(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder().sendIdle(lab.shortTimeout()));
    ClientExchange exchange = lab.client(proxy).stream("POST", "/");
    OriginRequest request = origin.accept();

    Problem.stall(lab, exchange);
    lab.pass();

    checkFailed(lab, exchange, ErrorCode.SEND_TIMEOUT);
    request.awaitAborted();
  }

  @Rule(id = "E-09", intent = "an exchange over its total limit ends with total_timeout")
  void longExchangeEnds(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = proxy(lab, origin.url(), Timeouts.builder().total(limit(lab)));
    ClientExchange waiting = lab.client(proxy).get("/");
    OriginRequest unanswered = origin.accept();

    passLimit(lab);

    checkFailed(lab, waiting, ErrorCode.TOTAL_TIMEOUT);
    unanswered.awaitAborted();
    lab.recorder().clear();

    ClientExchange begun = lab.client(proxy).get("/");
    OriginRequest answered = origin.accept();
    answered.head(200);
    assertEquals(200, begun.status());

    passLimit(lab);

    checkAborted(lab, begun, ErrorCode.TOTAL_TIMEOUT);
    answered.awaitAborted();
    lab.recorder().clear();

    Timeouts ofRoute = Timeouts.builder().total(limit(lab)).build();
    Proxy perRoute =
        lab.proxy(
            builder ->
                builder
                    .route(Route.builder("/**").target(origin.url()).timeouts(ofRoute).build())
                    .plugin(lab.plugin("a")));
    ClientExchange routed = lab.client(perRoute).get("/");
    OriginRequest silent = origin.accept();

    passLimit(lab);

    checkFailed(lab, routed, ErrorCode.TOTAL_TIMEOUT);
    silent.awaitAborted();
  }

  @Rule(
      id = "E-10",
      intent = "a connection that can't be opened in time gives 504 connect_timeout",
      needs = Capability.VIRTUAL_TIME)
  void slowConnectIs504(Lab lab) {
    Proxy proxy = proxy(lab, lab.silentUrl(), Timeouts.builder().connect(lab.shortTimeout()));
    ClientExchange exchange = lab.client(proxy).get("/");
    lab.recorder().await("a", "onRequest");

    lab.pass();

    checkFailed(lab, exchange, ErrorCode.CONNECT_TIMEOUT);
  }

  private static Proxy proxy(Lab lab, String upstream, Timeouts.Builder timeouts) {
    return lab.proxy(
        builder ->
            builder.route("/**", upstream).plugin(lab.plugin("a")).timeouts(timeouts.build()));
  }

  /** Checks that the client gets an error response, and that the plugin is told the same. */
  private static void checkFailed(Lab lab, ClientExchange exchange, ErrorCode code) {
    Problem.read(exchange, code);
    HookCall end = lab.recorder().awaitEnd("a");
    assertEquals(code, end.fault().code());
    assertEquals(Outcome.FAILED, end.end().outcome());
    assertEquals(code.status(), end.end().status());
  }

  /** Checks that the client sees its response break off, and that the plugin is told why. */
  private static void checkAborted(Lab lab, ClientExchange exchange, ErrorCode code) {
    assertEquals(Ending.UNCLEAN, exchange.ending());
    HookCall end = lab.recorder().awaitEnd("a");
    assertEquals(code, end.fault().code());
    assertEquals(Outcome.ABORTED, end.end().outcome());
    assertEquals(200, end.end().status());
  }
}
