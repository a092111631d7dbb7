package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.api.http.Headers;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.BodyReader;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Trailers behind bodies that plugins collect or change, and what may not be in them: P-88, H-35.
 */
final class TrailerRules {
  private static final String[] TRAILERS = {
    "X-Sum", "1",
    "Content-MD5", "AA==",
    "Digest", "sha-256=AA==",
    "Content-Digest", "sha-256=:AA==:",
    "Repr-Digest", "sha-256=:AA==:",
    "ETag", "\"1\""
  };

  @Rule(
      id = "P-88",
      intent = "trailers follow a collected body, or the one in its place, without digests",
      needs = Capability.TRAILERS)
  void trailersFollowOtherBodies(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy same =
        lab.proxy(
            origin,
            collecting(lab, body -> RequestDecision.proceed(), body -> ResponseDecision.proceed()));
    Proxy other =
        lab.proxy(
            origin,
            collecting(
                lab,
                body -> RequestDecision.proceedWithBody(bytes("other")),
                body -> ResponseDecision.proceedWithBody(bytes("other"))));
    // Another plugin has collected it.
    Proxy blind =
        lab.proxy(
            origin,
            collecting(
                lab.plugin("collecting").priority(10),
                body -> RequestDecision.proceed(),
                body -> ResponseDecision.proceed()),
            lab.plugin("replacing")
                .priority(20)
                .onRequest(ctx -> RequestDecision.proceedWithBody(bytes("other"))));
    Proxy changing =
        lab.proxy(
            origin,
            lab.plugin("changing")
                .changesBodies()
                .onRequestChunk((ctx, chunk, out) -> out.pass(chunk))
                .onResponseChunk((ctx, chunk, out) -> out.pass(chunk)));

    check(lab, origin, same, "body", true, true);
    check(lab, origin, other, "other", false, false);
    check(lab, origin, blind, "other", false, true);
    check(lab, origin, changing, "body", false, false);
  }

  private static TestPlugin collecting(
      Lab lab,
      Function<CollectedBody, RequestDecision> in,
      Function<CollectedBody, ResponseDecision> out) {
    return collecting(lab.plugin("a"), in, out);
  }

  private static TestPlugin collecting(
      TestPlugin plugin,
      Function<CollectedBody, RequestDecision> in,
      Function<CollectedBody, ResponseDecision> out) {
    return plugin
        .headsOnly()
        .onRequest(ctx -> RequestDecision.withBody(100, in))
        .onResponseHeaders(ctx -> ResponseDecision.withBody(100, out));
  }

  private static void check(
      Lab lab, TestOrigin origin, Proxy proxy, String body, boolean inWhole, boolean outWhole) {
    ClientExchange exchange = lab.client(proxy).stream("POST", "/", "TE", "trailers");
    exchange.send("body");
    exchange.end(TRAILERS);
    OriginRequest request = origin.accept();
    assertEquals(body, request.readAllText());
    checkTrailers(request, inWhole);
    request.head(200);
    request.send("body");
    request.end(TRAILERS);
    assertEquals(outWhole ? "body" : body, exchange.readAllText());
    checkTrailers(exchange, outWhole);
  }

  private static Headers trailers(BodyReader reader) {
    Headers trailers = reader.trailers();
    if (trailers == null) throw new AssertionError("there are no trailers");
    return trailers;
  }

  private static void checkTrailers(BodyReader reader, boolean whole) {
    Headers trailers = trailers(reader);
    assertEquals(List.of("1"), trailers.all("X-Sum"));
    assertEquals(whole ? "\"1\"" : "W/\"1\"", trailers.get("ETag"));
    for (String digest : List.of("Content-MD5", "Digest", "Content-Digest", "Repr-Digest")) {
      if (whole) {
        assertEquals(1, trailers.all(digest).size(), digest);
      } else {
        assertNull(trailers.get(digest), digest);
      }
    }
  }

  @Rule(
      id = "H-35",
      intent = "trailers lose fields of framing, routing and the connection, and those it names",
      needs = Capability.TRAILERS)
  void trailersAreClean(Lab lab) {
    TestOrigin origin = lab.origin();
    List<Proxy> proxies = List.of(lab.proxy(origin), lab.proxy(origin, lab.plugin("a")));
    String[] trailers = {
      "X-Kept", "1",
      "Content-Length", "99",
      "Transfer-Encoding", "chunked",
      "Connection", "close",
      "Keep-Alive", "max=1",
      "Host", "other.test",
      "TE", "trailers",
      "Trailer", "X-Kept",
      "Upgrade", "other",
      "Proxy-Authorization", "Basic AA=="
    };
    for (Proxy proxy : proxies) {
      ClientExchange exchange = lab.client(proxy).stream("POST", "/", "TE", "trailers");
      exchange.send("in");
      exchange.end(trailers);
      OriginRequest request = origin.accept();
      assertEquals("in", request.readAllText());
      checkClean(request, trailers);

      request.head(200, "Connection", "X-Named");
      request.send("out");
      String[] named = Arrays.copyOf(trailers, trailers.length + 2);
      named[trailers.length] = "X-Named";
      named[trailers.length + 1] = "1";
      request.end(named);
      assertEquals("out", exchange.readAllText());
      checkClean(exchange, named);
    }
  }

  private static void checkClean(BodyReader reader, String... sent) {
    Headers trailers = trailers(reader);
    assertEquals("1", trailers.get("X-Kept"));
    for (int i = 2; i < sent.length; i += 2) assertNull(trailers.get(sent[i]), sent[i]);
  }
}
