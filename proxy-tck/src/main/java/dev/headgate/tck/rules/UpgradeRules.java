package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.TunnelEnd;
import java.util.List;

/** Switches of protocols: T-20 to T-25. */
final class UpgradeRules {
  @Rule(id = "T-20", intent = "a wish to switch is passed on by itself", needs = Capability.UPGRADE)
  void wishIsPassedOn(Lab lab) {
    TestOrigin origin = lab.origin();
    ClientExchange asked =
        lab.client(lab.proxy(origin))
            .get(
                "/chat",
                "Connection",
                "keep-alive, Upgrade, X-Hop",
                "X-Hop",
                "1",
                "Upgrade",
                "chat/1",
                "X-Key",
                "k");
    OriginRequest request = origin.accept();
    assertEquals("chat/1", request.header("Upgrade"));
    assertEquals(List.of("Upgrade"), request.headers().all("Connection"));
    assertNull(request.header("X-Hop"));
    assertEquals("k", request.header("X-Key"));
    request.switchProtocols("", "Upgrade", "chat/1", "Connection", "Upgrade", "X-Answer", "a");
    assertEquals(101, asked.status());
    assertEquals("chat/1", asked.response().header("Upgrade"));
    assertEquals(List.of("Upgrade"), asked.response().all("Connection"));
    assertEquals("a", asked.response().header("X-Answer"));
  }

  @Rule(
      id = "T-21",
      intent = "a wish that is not whole is not passed on",
      needs = {Capability.UPGRADE, Capability.SOCKETS})
  void halfAWishIsNotPassedOn(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    for (String wish :
        List.of(
            "GET / HTTP/1.1;Upgrade: chat/1",
            "GET / HTTP/1.1;Connection: upgrade",
            "GET / HTTP/1.0;Connection: upgrade;Upgrade: chat/1",
            "GET / HTTP/1.1;Connection: upgrade, http2-settings;Upgrade: h2c;HTTP2-Settings: AA",
            "POST / HTTP/1.1;Connection: upgrade;Upgrade: chat/1;Content-Length: 1")) {
      String head = wish.replace(";", "\r\n") + "\r\nHost: localhost\r\n\r\n";
      if (wish.startsWith("POST")) head += "x";
      ClientExchange asked = lab.client(proxy).raw(head);
      OriginRequest request = origin.accept();
      assertNull(request.header("Upgrade"), wish);
      request.respond(200, "plain");
      assertEquals("plain", asked.readAllText());
    }
  }

  @Rule(
      id = "T-22",
      intent = "another answer than 101 is a response like any other",
      needs = Capability.UPGRADE)
  void otherAnswersAreResponses(Lab lab) {
    TestOrigin origin = lab.origin();
    TestClient client = lab.client(lab.proxy(origin));
    ClientExchange asked = client.get("/chat", Way.WISH);
    origin.accept().respond(426, "no", "Upgrade", "other");
    assertEquals(426, asked.status());
    assertEquals("no", asked.readAllText());
    ClientExchange next = client.get("/next");
    origin.accept().respond(200, "yes");
    assertEquals("yes", next.readAllText());
  }

  @Rule(
      id = "T-23",
      intent = "a 101 that nobody asked for, or to no protocol, is an error",
      needs = Capability.UPGRADE)
  void unaskedSwitchIs502(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin);
    ClientExchange plain = lab.client(proxy).get("/");
    TunnelEnd switched = origin.accept().switchProtocols("", Way.WISH);
    Problem.read(plain, ErrorCode.UPSTREAM_PROTOCOL);
    switched.ending();

    ClientExchange asked = lab.client(proxy).get("/chat", Way.WISH);
    TunnelEnd toNothing = origin.accept().switchProtocols("", "Connection", "Upgrade");
    Problem.read(asked, ErrorCode.UPSTREAM_PROTOCOL);
    toNothing.ending();
  }

  @Rule(
      id = "T-24",
      intent = "a plugin may put a response in the place of a 101",
      needs = Capability.UPGRADE)
  void switchMayBeReplaced(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("a")
            .onResponseHeaders(
                ctx -> ResponseDecision.replace(DirectResponse.status(403).text("not today")));
    TestClient client = lab.client(lab.proxy(origin, plugin));
    ClientExchange asked = client.get("/chat", Way.WISH);
    TunnelEnd upstream = origin.accept().switchProtocols("", Way.WISH);
    assertEquals(403, asked.status());
    assertNull(asked.response().header("Upgrade"));
    assertEquals("not today", asked.readAllText());
    assertEquals(Ending.UNCLEAN, upstream.ending());
    assertEquals(Outcome.COMPLETED, lab.recorder().awaitEnd("a").end().outcome());
  }

  @Rule(
      id = "T-25",
      intent = "a plugin that changes a 101 errs, and the tunnel opens as if it were not there",
      needs = Capability.UPGRADE)
  void switchIsNotChanged(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin plugin =
        lab.plugin("changing")
            .onResponseHeaders(
                ctx -> {
                  PluginFixtures.response(ctx).status(200);
                  return ResponseDecision.proceed();
                });
    ClientExchange asked = lab.client(lab.proxy(origin, plugin)).get("/chat", Way.WISH);
    TunnelEnd upstream = origin.accept().switchProtocols("", Way.WISH);
    assertEquals(101, asked.status());
    String status = asked.response().header("Proxy-Status");
    assertTrue(status != null && status.contains("changing"), () -> "Proxy-Status: " + status);
    asked.tunnel().send("x");
    assertEquals("x", upstream.readText(1));
  }
}
