package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.core.config.Admission;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.ProxyAuthenticator;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Requests in absolute-form: where they go, and who may send them. */
class ForwardTest extends ForwardWireTest {
  @Test
  void absoluteFormGoesToItsOwnTarget() {
    Wire client = client(forward(local(), builder -> builder.pseudonym("fwd")));
    client.send(absolute("/a?b=c", "Proxy-Connection: keep-alive"));
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GET /a?b=c HTTP/1.1", request.line());
    assertEquals(authority(), request.get("Host"));
    assertEquals("1.1 fwd", request.get("Via"));
    assertNull(request.get("Proxy-Connection"));
    upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nVia: 1.1 other\r\n\r\nhi");
    Wire.Head response = client.readHead();
    assertEquals("1.1 other, 1.1 fwd", response.get("Via"));
    assertEquals("hi", client.readBody(response));
    // The connection to the origin is kept.
    client.send(absolute("/next"));
    assertEquals("GET /next HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @Test
  void routesComeFirst() {
    try (ScriptedOrigin routed = new ScriptedOrigin()) {
      Wire client = client(forward(local(), builder -> builder.route("/here/**", routed.uri())));
      client.send(absolute("/here/x"));
      Wire upstream = routed.accept();
      assertEquals("GET /here/x HTTP/1.1", upstream.readHead().line());
      upstream.send(ok("routed"));
      Wire.Head response = client.readHead();
      assertNull(response.get("Via"));
      assertEquals("routed", client.readBody(response));
      client.send(absolute("/there"));
      upstream = origin.accept();
      upstream.readHead();
      upstream.send(ok("forwarded"));
      assertEquals("forwarded", client.readBody(client.readHead()));
    }
  }

  @Test
  void originFormIsNotForwarded() {
    Wire client = client(forward(local()));
    client.send(get("/x"));
    Wire.Head refused = client.readHead();
    assertEquals(404, refused.status());
    client.readBody(refused);
    client.send(lines("GET / HTTP/1.1", "Host: evil.test"));
    assertEquals(421, client.readHead().status());
  }

  @Test
  void withoutForwardingAbsoluteFormGoesByRoutesOnly() {
    Wire client = client(proxy(builder -> builder.allowAnyHost()));
    client.send(absolute("/x"));
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("127.0.0.1:" + origin.port(), request.get("Host"));
    upstream.send(ok("r"));
    assertEquals("r", client.readBody(client.readHead()));
  }

  @Test
  void requestThatCameThroughThisProxyIsALoop() {
    Wire client = client(forward(local(), builder -> builder.pseudonym("fwd")));
    client.send(absolute("/", "Via: 1.1 fwd"));
    Wire.Head refused = client.readHead();
    assertEquals(508, refused.status());
  }

  @Test
  void upgradesPassThroughAForwardProxy() {
    Wire client = client(forward(local()));
    client.send(absolute("/", "Connection: upgrade", "Upgrade: websocket"));
    Wire upstream = origin.accept();
    assertEquals("websocket", upstream.readHead().get("Upgrade"));
    upstream.send(lines("HTTP/1.1 101 X", "Upgrade: websocket", "Connection: upgrade"));
    assertEquals(101, client.readHead().status());
    client.send("ping");
    assertEquals("ping", upstream.read(4));
  }

  // --- Max-Forwards (rule 4)

  @Test
  void maxForwardsIsCountedDownAndAnsweredAtZero() {
    Wire client = client(forward(local()));
    String target = "http://" + authority();
    client.send(lines("OPTIONS " + target + " HTTP/1.1", "Host: x", "Max-Forwards: 1"));
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("OPTIONS * HTTP/1.1", request.line());
    assertEquals("0", request.get("Max-Forwards"));
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());

    client.send(lines("OPTIONS " + target + " HTTP/1.1", "Host: x", "Max-Forwards: 0"));
    assertEquals(200, client.readHead().status());

    client.send(
        lines(
            "TRACE " + target + "/p?q HTTP/1.1",
            "Host: x",
            "Cookie: secret",
            "X-A: 1",
            "Max-Forwards: 0"));
    Wire.Head traced = client.readHead();
    assertEquals("message/http", traced.get("Content-Type"));
    String echo = client.readBody(traced);
    assertTrue(echo.startsWith("TRACE " + target + "/p?q HTTP/1.1\r\n"), echo);
    assertTrue(echo.contains("X-A: 1"), echo);
    assertFalse(echo.contains("secret"), echo);

    client.send(lines("OPTIONS " + target + " HTTP/1.1", "Host: x", "Max-Forwards: soon"));
    assertEquals("soon", upstream.readHead().get("Max-Forwards"));
    upstream.send(ok(""));
    assertEquals(200, client.readHead().status());
  }

  // --- rules for hosts

  @Test
  void hostsAreAllowedAndDeniedByName() {
    Wire client = client(forward(local().allowHosts("*.test").denyHosts("bad.test")));
    for (String host : new String[] {"bad.test", "BAD.test.", "elsewhere.example"}) {
      client.send(lines("GET http://" + host + "/ HTTP/1.1", "Host: x"));
      Wire.Head refused = client.readHead();
      assertEquals(403, refused.status(), host);
      assertTrue(client.readBody(refused).contains("destination_denied"));
    }
    client.send(absolute("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
  }

  // --- authentication

  @Test
  void clientMustSayWhoItIs() {
    TunnelPlugin plugin = new TunnelPlugin();
    Proxy proxy =
        forward(
            local().authenticate("here", ProxyAuthenticator.of(Map.of("ann", "s:ecret"))),
            builder -> builder.plugin(plugin));
    Wire client = client(proxy);
    String[] wrong = {
      "X: 1",
      "Proxy-Authorization: Basic " + base64("ann:wrong"),
      "Proxy-Authorization: Basic " + base64("bob:s:ecret"),
      "Proxy-Authorization: Basic " + base64("ann"),
      "Proxy-Authorization: Basic %%%",
      "Proxy-Authorization: Bearer x"
    };
    for (String field : wrong) {
      client.send(absolute("/", field));
      Wire.Head refused = client.readHead();
      assertEquals(407, refused.status(), field);
      assertEquals("Basic realm=\"here\", charset=\"UTF-8\"", refused.get("Proxy-Authenticate"));
      assertTrue(client.readBody(refused).contains("proxy_auth_required"));
      client.send(lines("CONNECT a.test:443 HTTP/1.1", "Host: a.test:443", field));
      refused = client.readHead();
      assertEquals(407, refused.status(), field);
      client.readBody(refused);
    }
    client.send(absolute("/", "Proxy-Authorization: " + USER));
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Proxy-Authorization"));
    upstream.send(ok("in"));
    assertEquals("in", client.readBody(client.readHead()));
    assertEquals(200, plugin.awaitEnd().status());
  }

  @Test
  void checkMayAnswerLaterOrNever() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Wire client = client(forward(local().authenticate("here", (user, password) -> answer)));
    client.send(absolute("/", "Proxy-Authorization: " + USER));
    answer.complete(true);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("in"));
    assertEquals("in", client.readBody(client.readHead()));

    Wire other =
        client(
            forward(
                local()
                    .authenticate(
                        "here",
                        (user, password) -> new CompletableFuture<>(),
                        Duration.ofMillis(50))));
    other.send(absolute("/", "Proxy-Authorization: " + USER));
    assertEquals(500, other.readHead().status());

    List<ProxyAuthenticator> failing =
        List.of(
            (user, password) -> {
              throw new IllegalStateException("on purpose");
            },
            (user, password) -> {
              throw new NoClassDefFoundError("on purpose");
            },
            (user, password) -> null);
    for (ProxyAuthenticator check : failing) {
      Proxy proxy =
          forward(
              local().authenticate("here", check),
              builder -> builder.admission(Admission.of(1).withQueue(9, Duration.ofMinutes(1))));
      for (int i = 0; i < 2; i++) {
        Wire broken = client(proxy);
        broken.send(absolute("/", "Proxy-Authorization: " + USER));
        assertEquals(500, broken.readHead().status());
      }
    }
  }

  @Test
  void withoutACheckCredentialsAreStillConsumed() {
    Wire client = client(forward(local()));
    client.send(absolute("/", "Proxy-Authorization: " + USER));
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Proxy-Authorization"));
  }

  // --- names

  @Test
  void answersOfLookupsAreRememberedForAWhile() {
    AtomicInteger lookups = new AtomicInteger();
    Proxy proxy =
        forward(
            local()
                .dnsTtl(Duration.ofMinutes(1), Duration.ofMinutes(1))
                .lookup(
                    name -> {
                      lookups.incrementAndGet();
                      return new InetAddress[] {InetAddress.getLoopbackAddress()};
                    }));
    for (int i = 0; i < 5; i++) {
      Wire client = client(proxy);
      client.send(absolute("/", "Connection: close"));
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      client.readAll();
      upstream.awaitEnd();
    }
    assertEquals(1, lookups.get());
  }

  @Test
  void mistakesAreToldAllAtOnce() {
    ForwardOptions options =
        ForwardOptions.builder()
            .connectPorts(0, 443)
            .allowHosts("a b")
            .dnsTtl(Duration.ZERO, Duration.ofSeconds(1))
            .authenticate("a\"b", ProxyAuthenticator.of(Map.of()))
            .build();
    String message =
        assertThrows(
                ConfigurationException.class,
                () -> Proxy.builder().engine(engine).forward(options).start())
            .getMessage();
    for (String part : new String[] {"but was 0", "'a b'", "PT0S", "a\"b"}) {
      assertTrue(message.contains(part), message);
    }
  }
}
