package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Targets, bodies and interim responses: H-06, H-07, H-09 to H-13, H-17 to H-20. */
final class MessageRules {
  @Rule(id = "H-06", intent = "path and query are forwarded as they were matched")
  void targetsAreForwarded(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    List<String> unchanged =
        List.of(
            "/",
            "/a%20b/c;d=1,2/%E2%82%AC/x%2Fy/",
            "//a//b",
            "/@:!$&'()*+,;=|{}[]-._~",
            "/?",
            "/a?b=c&b=d&&e",
            "/a?%zz%2e=%41+/../?/\"<>\\^`|{}[]");
    for (String target : unchanged) checkTarget(lab, proxy, origin, target, target);
    // The one reading of a path: RFC 3986 section 6.2.2.
    checkTarget(lab, proxy, origin, "/%7euser/%e2%82%ac", "/~user/%E2%82%AC");
    checkTarget(lab, proxy, origin, "http://localhost/a?b", "/a?b");
    checkTarget(lab, proxy, origin, "http://localhost", "/");
  }

  @Rule(id = "H-07", intent = "dot segments are resolved before routing, above the root is 400")
  void dotSegmentsAreResolved(Lab lab) {
    TestOrigin secret = lab.origin();
    TestOrigin open = lab.origin();
    Proxy proxy =
        lab.proxy(builder -> builder.route("/secret/**", secret.url()).route("/**", open.url()));
    Map<String, String> secrets =
        Map.of(
            "/open/../secret/a", "/secret/a",
            "/./secret/./a/", "/secret/a/",
            "/open/%2e%2E/secret/a", "/secret/a",
            "/secret/a/b/..", "/secret/a/");
    secrets.forEach((sent, seen) -> checkTarget(lab, proxy, secret, sent, seen));
    checkTarget(lab, proxy, open, "/secret/../a?b=/../c", "/a?b=/../c");
    assertEquals(1, open.requests());
    assertEquals(secrets.size(), secret.requests());

    for (String above : List.of("/..", "/../a", "/a/../../b", "/%2e%2e/a")) {
      Problem.read(lab.client(proxy).get(above), ErrorCode.BAD_REQUEST);
    }
    assertEquals(1, open.requests());
  }

  private static void checkTarget(
      Lab lab, Proxy proxy, TestOrigin origin, String sent, String seen) {
    ClientExchange exchange = lab.client(proxy).get(sent);
    OriginRequest request = origin.accept();
    assertEquals(seen, request.target());
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-09", intent = "HEAD, 204 and 304 have no body; HEAD keeps Content-Length")
  void someResponsesHaveNoBody(Lab lab) {
    TestOrigin origin = lab.origin();
    TestClient client = lab.client(lab.proxy(origin, lab.plugin("a")));

    ClientExchange head = client.send("HEAD", "/");
    origin.accept().head(200, "Content-Length", "1234", "ETag", "\"x\"");
    assertEquals(List.of("1234"), head.response().all("Content-Length"));
    assertEquals("\"x\"", head.response().header("ETag"));
    assertEquals("", head.readAllText());

    ClientExchange none = client.get("/");
    origin.accept().head(204);
    assertEquals(204, none.status());
    assertNull(none.response().header("Content-Length"));
    assertEquals("", none.readAllText());

    ClientExchange unchanged = client.get("/", "If-None-Match", "\"x\"");
    origin.accept().head(304, "ETag", "\"x\"");
    assertEquals(304, unchanged.status());
    assertEquals("\"x\"", unchanged.response().header("ETag"));
    assertEquals("", unchanged.readAllText());

    // A body would be taken for the next response.
    ClientExchange next = client.get("/");
    origin.accept().respond(200, "next");
    assertEquals("next", next.readAllText());
  }

  @Rule(
      id = "H-10",
      intent = "interim responses pass, in order, before the final one",
      needs = Capability.INTERIM_RESPONSES)
  void interimResponsesPass(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    request.interim(103, "Link", "</a.css>; rel=preload");
    Head hints = exchange.awaitInterim();
    request.interim(199, "X-Unknown", "1");
    Head unknown = exchange.awaitInterim();
    request.interim(103, "Link", "</b.css>; rel=preload");
    request.respond(200, "ok");

    assertEquals(103, hints.status());
    assertEquals("</a.css>; rel=preload", hints.header("Link"));
    assertEquals(199, unknown.status());
    assertEquals("1", unknown.header("X-Unknown"));
    assertEquals(200, exchange.status());
    assertEquals(List.of(103, 199, 103), exchange.interims().stream().map(Head::status).toList());
    assertNull(exchange.response().header("Link"));
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(
      id = "H-11",
      intent = "Expect: 100-continue lets the body wait for the upstream",
      needs = Capability.EXPECT_CONTINUE)
  void bodyWaitsForTheUpstream(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange wanted = lab.client(proxy).stream("POST", "/", "Expect", "100-continue");
    OriginRequest request = origin.accept();
    assertEquals("100-continue", request.header("Expect"));

    request.interim(100);

    assertEquals(100, wanted.awaitInterim().status());
    wanted.send("body");
    wanted.end();
    assertEquals("body", request.readAllText());
    request.head(200);
    request.end();
    assertEquals(200, wanted.status());
    assertEquals(List.of(100), wanted.interims().stream().map(Head::status).toList());
    assertEquals("", wanted.readAllText());

    ClientExchange unwanted = lab.client(proxy).stream("POST", "/", "Expect", "100-continue");
    OriginRequest refused = origin.accept();
    refused.head(403, "Content-Length", "2");
    refused.send("no");
    refused.end();

    assertEquals(403, unwanted.status());
    assertEquals(List.of(), unwanted.interims());
    assertEquals("no", unwanted.readAllText());
    assertEquals(Ending.UNCLEAN, refused.ending());
  }

  @Rule(id = "H-12", intent = "another expectation gives 417")
  void otherExpectationsAre417(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin);
    for (String expectation : List.of("something", "100-continue, more")) {
      ClientExchange exchange = lab.client(proxy).get("/", "Expect", expectation);
      Problem.read(exchange, ErrorCode.EXPECTATION_FAILED);
    }
    assertEquals(0, origin.requests());
  }

  @Rule(id = "H-13", intent = "a transfer coding other than chunked gives 501")
  void otherTransferCodingsAre501(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin);
    ClientExchange exchange =
        lab.client(proxy).send("POST", "/", "Transfer-Encoding", "gzip, chunked");

    Problem.read(exchange, ErrorCode.NOT_IMPLEMENTED);
    assertEquals(0, origin.requests());
  }

  @Rule(id = "H-17", intent = "the most specific route wins, whatever the order")
  void mostSpecificRouteWins(Lab lab) {
    List<String> patterns = new ArrayList<>(List.of("/**", "/a/**", "/a/{id}", "/a/b"));
    Map<String, String> expected =
        Map.of("/x", "/**", "/a/x/y", "/a/**", "/a/x", "/a/{id}", "/a/b", "/a/b");
    for (int turn = 0; turn < patterns.size(); turn++) {
      Collections.rotate(patterns, 1);
      Proxy proxy =
          lab.proxy(
              builder -> {
                for (String pattern : patterns) {
                  builder.route(pattern, lab.origin().answering(200, pattern).url());
                }
              });
      expected.forEach(
          (path, pattern) ->
              assertEquals(
                  pattern,
                  lab.client(proxy).get(path).readAllText(),
                  () -> path + " with routes " + patterns));
    }
  }

  @Rule(id = "H-18", intent = "CONNECT is refused with 501 where there are no tunnels")
  void tunnelsAre501(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin);
    for (String authority : List.of("localhost:443", "elsewhere.test:443")) {
      ClientExchange exchange = lab.client(proxy).send("CONNECT", authority, "Host", authority);
      Problem.read(exchange, ErrorCode.NOT_IMPLEMENTED);
    }
    assertEquals(0, origin.requests());
  }

  @Rule(id = "H-19", intent = "missing or repeated Host gives 400", needs = Capability.SOCKETS)
  void wrongHostIs400(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    for (String hosts :
        List.of("", "Host: localhost\r\nHost: localhost\r\n", "Host: a\r\nhost: b\r\n")) {
      ClientExchange exchange = lab.client(proxy).raw("GET / HTTP/1.1\r\n" + hosts + "\r\n");
      Problem.read(exchange, ErrorCode.BAD_REQUEST);
    }
    assertEquals(0, origin.requests());
  }

  @Rule(id = "H-20", intent = "a 206 and its range fields pass untouched")
  void rangesPass(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange exchange = lab.client(proxy).get("/", "Range", "bytes=2-4", "If-Range", "\"x\"");
    OriginRequest request = origin.accept();
    assertEquals("bytes=2-4", request.header("Range"));
    assertEquals("\"x\"", request.header("If-Range"));

    Map<String, String> fields =
        Map.of("Content-Range", "bytes 2-4/9", "Accept-Ranges", "bytes", "ETag", "\"x\"");
    List<String> lines = new ArrayList<>();
    fields.forEach((name, value) -> lines.addAll(List.of(name, value)));
    request.respond(206, "cde", lines.toArray(String[]::new));

    assertEquals(206, exchange.status());
    fields.forEach((name, value) -> assertEquals(List.of(value), exchange.response().all(name)));
    assertEquals(List.of("3"), exchange.response().all("Content-Length"));
    assertEquals("cde", exchange.readAllText());
  }
}
