package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.route.HostPolicy;
import dev.headgate.core.route.Route;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of the head: H-01 to H-05, H-08, H-14 to H-16. */
final class FieldRules {
  @Rule(id = "H-01", intent = "hop-by-hop fields do not pass")
  void hopByHopFieldsStay(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    ClientExchange exchange =
        lab.client(proxy)
            .get(
                "/",
                "Connection",
                "X-Mine, x-also",
                "X-Mine",
                "1",
                "X-Also",
                "1",
                "Keep-Alive",
                "max=5",
                "Proxy-Connection",
                "keep-alive",
                "X-Kept",
                "2");
    OriginRequest request = origin.accept();
    for (String name : List.of("X-Mine", "X-Also", "Keep-Alive", "Proxy-Connection")) {
      assertNull(request.header(name), name);
    }
    checkConnection(request.header("Connection"));
    assertEquals("2", request.header("X-Kept"));

    request.respond(
        200, "ok", "Connection", "X-Yours", "X-Yours", "1", "Keep-Alive", "max=5", "X-Kept", "2");

    assertNull(exchange.response().header("X-Yours"));
    assertNull(exchange.response().header("Keep-Alive"));
    checkConnection(exchange.response().header("Connection"));
    assertEquals("2", exchange.response().header("X-Kept"));
    assertEquals("ok", exchange.readAllText());
  }

  /** Over sockets there may be a Connection field, which is the next connection's own. */
  private static void checkConnection(@Nullable String value) {
    String lower = String.valueOf(value).toLowerCase(Locale.ROOT);
    assertFalse(lower.contains("x-"), () -> "Connection: " + value);
  }

  @Rule(id = "H-02", intent = "TE: trailers reaches the upstream when the client sent it")
  void acceptedTrailersAreTold(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    String[][] sent = {
      {"TE", "trailers", "Connection", "TE"}, {"TE", "deflate;q=0.5, trailers"}, {"TE", "gzip"}, {}
    };
    List<List<String>> seen =
        List.of(List.of("trailers"), List.of("trailers"), List.of(), List.of());
    for (int i = 0; i < sent.length; i++) {
      ClientExchange exchange = lab.client(proxy).get("/", sent[i]);
      OriginRequest request = origin.accept();
      assertEquals(seen.get(i), request.headers().all("TE"));
      request.respond(200, "ok");
      assertEquals("ok", exchange.readAllText());
    }
  }

  @Rule(id = "H-03", intent = "Via is added to requests, after those that were there")
  void viaIsAdded(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(builder -> builder.route("/**", origin.url()).pseudonym("tester"));
    ClientExchange exchange = lab.client(proxy).get("/", "Via", "1.0 before");
    OriginRequest request = origin.accept();

    String via = String.join(", ", request.headers().all("Via"));
    assertEquals("1.0 before, 1.1 tester", via);

    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-04", intent = "a request that came through this proxy before gets 508 loop")
  void loopsAre508(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(builder -> builder.route("/**", origin.url()).pseudonym("tester"));
    String[][] loops = {
      {"Via", "1.1 tester"},
      {"Via", "1.0 other, HTTP/1.1 tester (a comment), 2.0 third"},
      {"Via", "1.1 other", "Via", "1.1 tester"}
    };
    for (String[] fields : loops) {
      Problem.read(lab.client(proxy).get("/", fields), ErrorCode.LOOP);
    }
    assertEquals(0, origin.requests());

    String others = "1.1 tester2, 1.1 my-tester, 1.1 other (tester)";
    assertEquals("ok", lab.client(proxy).get("/", "Via", others).readAllText());
  }

  @Rule(id = "H-05", intent = "Host is the target's, or what the route says")
  void hostFollowsTheRoute(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/target", origin.url())
                    .route(host("/client", origin, HostPolicy.client()))
                    .route(host("/fixed", origin, HostPolicy.fixed("fixed.test:99"))));
    Map<String, String> expected =
        Map.of(
            "/target", origin.authority(),
            "/client", "some.localhost:4711",
            "/fixed", "fixed.test:99");

    expected.forEach(
        (path, host) -> {
          ClientExchange exchange = lab.client(proxy).get(path, "Host", "some.localhost:4711");
          OriginRequest request = origin.accept();
          assertEquals(List.of(host), request.headers().all("Host"), path);
          request.respond(200, "ok");
          assertEquals("ok", exchange.readAllText());
        });
  }

  private static Route host(String path, TestOrigin origin, HostPolicy policy) {
    return Route.builder(path).target(origin.url()).hostPolicy(policy).build();
  }

  @Rule(id = "H-08", intent = "User-Agent, Accept-Encoding, Content-Type and Server stay as sent")
  void fieldsAreNotMadeUp(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    Map<String, String> fields =
        Map.of(
            "User-Agent", "Tester/1 (mine)",
            "Accept-Encoding", "br;q=0.5, gzip",
            "Content-Type", "text/x-mine; charset=\"UTF-8\"");
    String[] sent =
        fields.entrySet().stream()
            .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
            .toArray(String[]::new);

    ClientExchange with = lab.client(proxy).post("/", "body", sent);
    OriginRequest request = origin.accept();
    fields.forEach((name, value) -> assertEquals(List.of(value), request.headers().all(name)));
    request.respond(200, "ok", "Content-Type", "text/x-yours;a=b", "Server", "Mine/2");
    assertEquals(List.of("text/x-yours;a=b"), with.response().all("Content-Type"));
    assertEquals(List.of("Mine/2"), with.response().all("Server"));
    assertEquals("ok", with.readAllText());

    ClientExchange without = lab.client(proxy).post("/", "body");
    OriginRequest other = origin.accept();
    fields.forEach((name, value) -> assertEquals(List.of(), other.headers().all(name), name));
    other.respond(200, "ok");
    assertEquals(List.of(), without.response().all("Content-Type"));
    assertEquals(List.of(), without.response().all("Server"), "Server");
    assertEquals("ok", without.readAllText());
  }

  @Rule(id = "H-14", intent = "Proxy-Authorization does not reach the upstream")
  void proxyCredentialsStay(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    ClientExchange exchange =
        lab.client(proxy)
            .get("/", "Proxy-Authorization", "Basic c2VjcmV0", "Authorization", "Bearer mine");
    OriginRequest request = origin.accept();

    assertNull(request.header("Proxy-Authorization"));
    assertEquals("Bearer mine", request.header("Authorization"));

    request.respond(200, "ok");
    assertEquals("ok", exchange.readAllText());
  }

  @Rule(id = "H-15", intent = "a loopback listener refuses a Host that is not allowed with 421")
  void foreignHostsAre421(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy =
        lab.proxy(builder -> builder.route("/**", origin.url()).allowHosts("Friend.test"));
    for (String host :
        List.of(
            "foreign.test", "127.0.0.foreign", "127.0.0.1.test", "localhost.test", "10.0.0.1:80")) {
      Problem.read(lab.client(proxy).get("/", "Host", host), ErrorCode.HOST_NOT_ALLOWED);
    }
    assertEquals(0, origin.requests());

    for (String host :
        List.of("localhost", "127.0.0.1:" + proxy.port(), "a.localhost:1", "friend.test:80")) {
      assertEquals("ok", lab.client(proxy).get("/", "Host", host).readAllText(), host);
    }
    Proxy open = lab.proxy(builder -> builder.route("/**", origin.url()).allowAnyHost());
    assertEquals("ok", lab.client(open).get("/", "Host", "foreign.test").readAllText());
  }

  @Rule(id = "H-16", intent = "repeated fields stay separate lines in their order")
  void repeatedFieldsStaySeparate(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    ClientExchange exchange = lab.client(proxy).get("/", "X-Two", "1", "X-Two", "2");
    OriginRequest request = origin.accept();
    assertEquals(List.of("1", "2"), request.headers().all("X-Two"));

    request.respond(200, "ok", "Set-Cookie", "a=1", "Set-Cookie", "b=2");

    assertEquals(List.of("a=1", "b=2"), exchange.response().all("Set-Cookie"));
    assertEquals("ok", exchange.readAllText());
  }
}
