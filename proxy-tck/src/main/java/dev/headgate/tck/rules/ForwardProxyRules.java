package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.headgate.Proxy;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.ProxyAuthenticator;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Head;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a forward proxy takes, and from whom: F-01 to F-12. */
final class ForwardProxyRules {
  /** A user whose password has a colon. */
  static final String LOGIN = basic("ann:s:ecret");

  private static final ProxyAuthenticator CHECK = ProxyAuthenticator.of(Map.of("ann", "s:ecret"));

  static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** Starts a forward proxy. */
  static Proxy proxy(Lab lab, ForwardOptions.Builder options) {
    return lab.proxy(builder -> builder.forward(options.build()));
  }

  /** A URL of an upstream, under a name of its own. */
  static String url(TestOrigin origin, String path) {
    return "http://a.test:" + origin.port() + path;
  }

  private static String field(Head head, String name) {
    String value = head.header(name);
    assertNotNull(value, () -> "no " + name + " in " + head);
    return value;
  }

  @Rule(
      id = "F-01",
      intent = "a request in absolute-form goes to the target that it names",
      needs = Capability.FORWARD)
  void absoluteFormGoesToItsTarget(Lab lab) {
    TestOrigin origin = lab.origin();
    TestClient client = lab.client(proxy(lab, Way.local()));
    ClientExchange asked = client.get(url(origin, "/a?b=c"), "Host", "other.test");
    OriginRequest request = origin.accept();
    assertEquals("/a?b=c", request.target());
    assertEquals(List.of("a.test:" + origin.port()), request.headers().all("Host"));
    request.respond(200, "ok");
    assertEquals("ok", asked.readAllText());

    ClientExchange posted = client.post(url(origin, ""), "body");
    OriginRequest second = origin.accept();
    assertEquals("POST /", second.method() + " " + second.target());
    assertEquals("body", second.readAllText());
    second.respond(201, "made");
    assertEquals(201, posted.status());
    assertEquals("made", posted.readAllText());
  }

  @Rule(id = "F-02", intent = "routes are asked first", needs = Capability.FORWARD)
  void routesComeFirst(Lab lab) {
    TestOrigin routed = lab.origin().answering(200, "routed");
    TestOrigin named = lab.origin().answering(200, "named");
    TestClient client =
        lab.client(
            lab.proxy(
                builder -> builder.route("/here/**", routed.url()).forward(Way.local().build())));
    assertEquals("routed", client.get(url(named, "/here/x")).readAllText());
    assertEquals("named", client.get(url(named, "/there")).readAllText());
  }

  @Rule(
      id = "F-03",
      intent = "a request in origin-form is not forwarded",
      needs = Capability.FORWARD)
  void originFormIsNotForwarded(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    Proxy proxy = proxy(lab, Way.local());
    String own = "localhost:" + origin.port();
    Problem.read(lab.client(proxy).get("/x", "Host", own), ErrorCode.NO_ROUTE);
    String other = "a.test:" + origin.port();
    Problem.read(lab.client(proxy).get("/x", "Host", other), ErrorCode.HOST_NOT_ALLOWED);
    assertEquals(0, origin.requests());
  }

  @Rule(id = "F-04", intent = "Via is added both ways", needs = Capability.FORWARD)
  void viaIsAddedBothWays(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(builder -> builder.pseudonym("fwd").forward(Way.local().build()));
    ClientExchange asked = lab.client(proxy).get(url(origin, "/"), "Via", "1.0 before");
    OriginRequest request = origin.accept();
    assertEquals("1.0 before, 1.1 fwd", String.join(", ", request.headers().all("Via")));
    request.respond(200, "ok", "Via", "1.1 behind");
    assertEquals("1.1 behind, 1.1 fwd", String.join(", ", asked.response().all("Via")));
    assertEquals("ok", asked.readAllText());
  }

  @Rule(id = "F-05", intent = "a forward proxy never reaches itself", needs = Capability.FORWARD)
  void loopsAreRefused(Lab lab) {
    ForwardOptions open = Way.local().addresses(AddressPolicy.builder().allowAll().build()).build();
    Proxy proxy = lab.proxy(builder -> builder.pseudonym("fwd").forward(open));
    TestOrigin origin = lab.origin().answering(200, "reached");
    ClientExchange looped = lab.client(proxy).get(url(origin, "/"), "Via", "1.1 fwd");
    Problem.read(looped, ErrorCode.LOOP);
    int port = proxy.uri().getPort();
    for (String host : List.of("127.0.0.1", "self.test", "2130706433", "0.0.0.0")) {
      ClientExchange own = lab.client(proxy).get("http://" + host + ":" + port + "/");
      Problem.read(own, ErrorCode.ADDRESS_DENIED);
    }
    assertEquals(0, origin.requests());
  }

  @Rule(id = "F-06", intent = "OPTIONS for a whole server is sent as *", needs = Capability.FORWARD)
  void optionsOfAServer(Lab lab) {
    TestOrigin origin = lab.origin();
    ClientExchange asked =
        lab.client(proxy(lab, Way.local())).send("OPTIONS", url(origin, ""), "Max-Forwards", "2");
    OriginRequest request = origin.accept();
    assertEquals("*", request.target());
    assertEquals("1", request.header("Max-Forwards"));
    request.respond(200, "ok");
    assertEquals("ok", asked.readAllText());
  }

  // --- from whom

  @Rule(
      id = "F-10",
      intent = "who does not say who it is gets 407, and plugins do not hear of it",
      needs = Capability.FORWARD)
  void unknownClientsGet407(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    TestPlugin plugin = lab.plugin("watch");
    ForwardOptions options = Way.local().authenticate("here", CHECK).build();
    Proxy proxy = lab.proxy(builder -> builder.plugin(plugin).forward(options));
    TestClient client = lab.client(proxy);
    for (String given :
        List.of(
            "", basic("ann:wrong"), basic("bob:s:ecret"), basic("ann"), "Basic %%%", "Bearer x")) {
      ClientExchange asked =
          given.isEmpty()
              ? client.get(url(origin, "/"))
              : client.get(url(origin, "/"), "Proxy-Authorization", given);
      Problem refused = Problem.read(asked, ErrorCode.PROXY_AUTH_REQUIRED);
      assertEquals(
          "Basic realm=\"here\", charset=\"UTF-8\"", field(refused.head(), "Proxy-Authenticate"));
    }
    for (String method : List.of("OPTIONS", "TRACE")) {
      // What the proxy would answer itself.
      ClientExchange asked = client.send(method, url(origin, "/"), "Max-Forwards", "0");
      Problem.read(asked, ErrorCode.PROXY_AUTH_REQUIRED);
      ClientExchange let =
          client.send(method, url(origin, "/"), "Max-Forwards", "0", "Proxy-Authorization", LOGIN);
      assertEquals(200, let.status());
      assertFalse(let.readAllText().contains(LOGIN));
    }
    assertEquals(0, lab.recorder().count("watch", "onResponseHeaders"));
    assertEquals(0, lab.recorder().count("watch", "onResponseChunk"));
    assertEquals(0, origin.requests());
    ClientExchange known = client.get(url(origin, "/"), "Proxy-Authorization", LOGIN);
    assertEquals("reached", known.readAllText());
    lab.recorder().awaitEnd("watch");
    assertEquals(1, lab.recorder().count("watch", "onRequest"));
  }

  @Rule(
      id = "F-11",
      intent = "credentials for the proxy are seen by nobody behind it",
      needs = Capability.FORWARD)
  void credentialsAreConsumed(Lab lab) {
    for (boolean checks : List.of(true, false)) {
      TestOrigin origin = lab.origin();
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      TestPlugin plugin =
          lab.plugin("watch")
              .onRequest(
                  ctx -> {
                    String value = ctx.request().headers().get("Proxy-Authorization");
                    if (checks) seen.add(String.valueOf(value));
                    return RequestDecision.proceed();
                  });
      ForwardOptions.Builder options = Way.local();
      if (checks) options.authenticate("here", CHECK);
      Proxy proxy = lab.proxy(builder -> builder.plugin(plugin).forward(options.build()));
      ClientExchange asked = lab.client(proxy).get(url(origin, "/"), "Proxy-Authorization", LOGIN);
      OriginRequest request = origin.accept();
      assertNull(request.header("Proxy-Authorization"));
      request.respond(200, "ok");
      assertEquals("ok", asked.readAllText());
      assertEquals(checks ? List.of("null") : List.of(), seen);
    }
  }

  @Rule(
      id = "F-12",
      intent = "a check that is late or fails lets nobody in",
      needs = Capability.FORWARD)
  void checkMayAnswerLater(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    CompletableFuture<Boolean> later = new CompletableFuture<>();
    Proxy waits = proxy(lab, Way.local().authenticate("here", (user, password) -> later));
    ClientExchange asked = lab.client(waits).get(url(origin, "/"), "Proxy-Authorization", LOGIN);
    lab.settle();
    assertEquals(0, origin.requests());
    later.complete(true);
    assertEquals("reached", asked.readAllText());

    CompletableFuture<Boolean> never = new CompletableFuture<>();
    Proxy silent =
        proxy(lab, Way.local().authenticate("here", (user, password) -> never, lab.shortTimeout()));
    ClientExchange late = lab.client(silent).get(url(origin, "/"), "Proxy-Authorization", LOGIN);
    lab.settle();
    lab.pass();
    Problem.read(late, ErrorCode.INTERNAL);

    Proxy broken =
        proxy(
            lab,
            Way.local()
                .authenticate(
                    "here",
                    (user, password) -> {
                      throw PluginFixtures.onPurpose();
                    }));
    ClientExchange failed = lab.client(broken).get(url(origin, "/"), "Proxy-Authorization", LOGIN);
    Problem problem = Problem.read(failed, ErrorCode.INTERNAL);
    assertFalse(problem.text().contains("on purpose"), problem.text());
    assertEquals(1, origin.requests());
  }
}
