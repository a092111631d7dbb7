package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.forwarded.ForwardedFamily;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import dev.headgate.core.route.PathRewrite;
import dev.headgate.core.route.Route;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What is told of earlier hops, and paths that are rewritten: H-30 to H-34. */
final class ForwardingRules {
  private static final String[] CLAIMS = {
    "Forwarded", "for=192.0.2.1", "X-Forwarded-For", "192.0.2.2", "X-Forwarded-Proto", "https"
  };

  @Rule(id = "H-30", intent = "what untrusted clients say of earlier hops is dropped")
  void untrustedClaimsAreDropped(Lab lab) {
    TestOrigin origin = lab.origin();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  seen.add(ctx.request().headers().get("X-Forwarded-For") + " " + own(ctx));
                  return RequestDecision.proceed();
                });
    ClientExchange exchange = lab.client(lab.proxy(origin, plugin)).get("/", CLAIMS);
    OriginRequest request = origin.accept();
    assertNull(request.header("Forwarded"));
    assertNull(request.header("X-Forwarded-For"));
    assertNull(request.header("X-Forwarded-Proto"));
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
    assertEquals(List.of("null true"), seen);
  }

  private static boolean own(ProxyContext ctx) {
    return ctx.client().address().getAddress().equals(ctx.originalClient());
  }

  @Rule(id = "H-31", intent = "our own value is written where it is asked for, also without trust")
  void ownValueIsWritten(Lab lab) throws UnknownHostException {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .route(
                        Route.builder("/quiet")
                            .target(origin.url())
                            .forwardedFields(ForwardedFields.none())
                            .build())
                    .forwardedFields(
                        ForwardedFields.of(
                            ForwardedFamily.FORWARDED, ForwardedFamily.X_FORWARDED)));
    ClientExchange exchange = lab.client(proxy).get("/", CLAIMS);
    OriginRequest request = origin.accept();
    String peer = request.header("X-Forwarded-For");
    assertNotNull(peer);
    assertEquals(-1, peer.indexOf(','), peer);
    // The lab's clients are on this machine, whatever they claim.
    assertTrue(InetAddress.getByName(peer).isLoopbackAddress(), peer);
    String node = peer.indexOf(':') < 0 ? peer : "\"[" + peer + "]\"";
    String forwarded = request.header("Forwarded");
    assertNotNull(forwarded);
    assertEquals(0, forwarded.indexOf("for=" + node + ";host="), forwarded);
    assertEquals(-1, forwarded.indexOf(','), forwarded);
    assertEquals("http", request.header("X-Forwarded-Proto"));
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());

    exchange = lab.client(proxy).get("/quiet", CLAIMS);
    request = origin.accept();
    assertNull(request.header("Forwarded"));
    assertNull(request.header("X-Forwarded-For"));
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-32", intent = "what trusted clients say is kept, shown and added to")
  void trustedClaimsAreKept(Lab lab) {
    TestOrigin origin = lab.origin();
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    TestPlugin plugin =
        lab.plugin("a")
            .onRequest(
                ctx -> {
                  seen.add(String.valueOf(ctx.originalClient()));
                  return RequestDecision.proceed();
                });
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .plugin(plugin)
                    .forwardedFields(ForwardedFields.of(ForwardedFamily.X_FORWARDED))
                    .trustedClients(
                        TrustedClients.builder()
                            .trust(ForwardedFamily.X_FORWARDED, "127.0.0.0/8", "::1")
                            .build()));
    ClientExchange exchange = lab.client(proxy).get("/", CLAIMS);
    OriginRequest request = origin.accept();
    String hops = request.header("X-Forwarded-For");
    assertNotNull(hops);
    assertEquals(0, hops.indexOf("192.0.2.2, "), hops);
    assertEquals(List.of("https"), request.headers().all("X-Forwarded-Proto"));
    assertNull(request.header("Forwarded"));
    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
    assertEquals(List.of("/192.0.2.2"), seen);
  }

  @Rule(id = "H-33", intent = "a rewritten path is rewritten back in references to the upstream")
  void pathsAreRewrittenBothWays(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder.route(
                    Route.builder("/api/**")
                        .target(origin.url() + "/base")
                        .rewrite(PathRewrite.stripPrefix("/api"))
                        .build()));
    ClientExchange exchange = lab.client(proxy).get("/api/a%2Fb?c=/api", "Host", "localhost:81");
    OriginRequest request = origin.accept();
    assertEquals("/base/a%2Fb?c=/api", request.target());
    request.head(
        302,
        "Location",
        origin.url() + "/base/x%2Fy?z",
        "Content-Location",
        "/base/w",
        "Set-Cookie",
        "a=1; Path=/base; HttpOnly",
        "Set-Cookie",
        "b=2; Path=/else",
        "Content-Length",
        "0");
    request.end();
    assertEquals(302, exchange.status());
    assertEquals("http://localhost:81/api/x%2Fy?z", exchange.response().header("Location"));
    assertEquals("/api/w", exchange.response().header("Content-Location"));
    assertEquals(
        List.of("a=1; Path=/api; HttpOnly", "b=2; Path=/else"),
        exchange.response().all("Set-Cookie"));
    assertEquals("", exchange.readAllText());

    exchange = lab.client(proxy).get("/api/away", "Host", "localhost:81");
    request = origin.accept();
    request.respond(200, "ok", "Location", "http://elsewhere.test/base/x");
    assertEquals("http://elsewhere.test/base/x", exchange.response().header("Location"));
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-34", intent = "Max-Forwards is counted down, and answered at 0")
  void maxForwardsIsCounted(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder.route(
                    Route.builder("/**")
                        .methods("GET", "OPTIONS", "TRACE")
                        .target(origin.url())
                        .build()));
    for (String method : List.of("OPTIONS", "TRACE")) {
      ClientExchange passed = lab.client(proxy).send(method, "/a", "Max-Forwards", "2");
      OriginRequest request = origin.accept();
      assertEquals("1", request.header("Max-Forwards"));
      request.respond(200, "ok");
      assertEquals("ok", passed.readAllText());
    }
    ClientExchange other = lab.client(proxy).get("/a", "Max-Forwards", "0");
    OriginRequest request = origin.accept();
    assertEquals("0", request.header("Max-Forwards"));
    request.respond(200, "ok");
    assertEquals("ok", other.readAllText());

    ClientExchange options = lab.client(proxy).send("OPTIONS", "/a", "Max-Forwards", "0");
    assertEquals(200, options.status());
    assertEquals("GET, OPTIONS, TRACE", options.response().header("Allow"));
    assertEquals("", options.readAllText());

    ClientExchange trace =
        lab.client(proxy)
            .send(
                "TRACE",
                "/a?b",
                "Max-Forwards",
                "0",
                "X-Seen",
                "1",
                "Authorization",
                "Bearer hidden-1",
                "Cookie",
                "a=hidden-2",
                "X-Api-Key",
                "hidden-3");
    assertEquals(200, trace.status());
    assertEquals("message/http", trace.response().header("Content-Type"));
    String echo = trace.readAllText();
    assertEquals(0, echo.indexOf("TRACE /a?b HTTP/"), echo);
    assertNotEquals(-1, echo.indexOf("X-Seen: 1\r\n"), echo);
    assertEquals(-1, echo.indexOf("hidden"), echo);
    assertEquals(3, origin.requests());
  }
}
