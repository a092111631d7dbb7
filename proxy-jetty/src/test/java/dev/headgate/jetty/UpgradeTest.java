package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades (rule 17): only 101 opens a tunnel, and only for who asked. */
class UpgradeTest extends TunnelContract {
  private static final String ASK =
      lines(
          "GET /chat HTTP/1.1",
          "Host: localhost",
          "Connection: keep-alive, Upgrade, X-Hop",
          "X-Hop: 1",
          "Upgrade: websocket",
          "Sec-WebSocket-Key: abc");
  private static final String SWITCH =
      lines(
          "HTTP/1.1 101 Switching Protocols",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Accept: def");

  @Override
  int status() {
    return 101;
  }

  @Override
  Proxy tunnelProxy(UnaryOperator<ProxyBuilder> settings) {
    return proxy(settings);
  }

  @Override
  Ends open(Proxy proxy, Wire client, String early) {
    client.send(ASK + early);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(SWITCH);
    assertEquals(101, client.readHead().status());
    return new Ends(client, upstream);
  }

  @Test
  void handshakePassesHopByHop() {
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GET /chat HTTP/1.1", request.line());
    assertEquals("Upgrade", request.get("Connection"));
    assertEquals("websocket", request.get("Upgrade"));
    assertEquals("abc", request.get("Sec-WebSocket-Key"));
    assertNull(request.get("X-Hop"));
    upstream.send(SWITCH + "early");
    Wire.Head response = client.readHead();
    assertEquals(
        List.of("Sec-WebSocket-Accept: def", "Connection: Upgrade", "Upgrade: websocket"),
        response.fields());
    assertEquals("early", client.read(5));
    assertEquals(List.of("response 101"), plugin.hooks);
  }

  @Test
  void anotherAnswerIsANormalResponse() {
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 426 Upgrade Required\r\nUpgrade: foo\r\nContent-Length: 2\r\n\r\nno");
    Wire.Head response = client.readHead();
    assertEquals(426, response.status());
    assertEquals("no", client.read(2));
    client.send(get("/next"));
    assertEquals("GET /next HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("n"));
    assertEquals("n", client.readBody(client.readHead()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET / HTTP/1.1;Upgrade: websocket",
        "GET / HTTP/1.1;Connection: upgrade",
        "GET / HTTP/1.0;Connection: upgrade;Upgrade: websocket",
        "GET / HTTP/1.1;Connection: upgrade, http2-settings;Upgrade: h2c;HTTP2-Settings: AAA",
        "POST / HTTP/1.1;Connection: upgrade;Upgrade: x;Content-Length: 1;;a"
      })
  void wishThatIsNotWholeIsNotPassedOnAnd101IsThenAFault(String wish) {
    String[] parts = wish.split(";;", 2);
    String ask = lines((parts[0] + ";Host: localhost").split(";"));
    if (parts.length > 1) ask += parts[1];
    Wire client = client(tunnelProxy());
    client.send(ask);
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertNull(request.get("Upgrade"));
    assertNull(request.get("Connection"));
    upstream.send(SWITCH);
    Wire.Head response = client.readHead();
    assertEquals(502, response.status());
    assertTrue(client.readBody(response).contains("upstream_protocol"));
    upstream.awaitEnd();
  }

  @Test
  void switchWithoutAProtocolIsAFault() {
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
    assertEquals(502, client.readHead().status());
    upstream.awaitEnd();
  }

  @Test
  void pluginMayRefuseTheHandshake() {
    TestPlugin refuses =
        new TestPlugin(
            ctx ->
                ctx.request().headers().get("Upgrade") == null
                    ? RequestDecision.proceed()
                    : RequestDecision.fail(
                        new ClientFault(
                            ErrorCode.of("no_upgrades", 403), Phase.REQUEST_HOOKS, "No.")));
    Wire client = client(proxy(builder -> builder.plugin(refuses)));
    client.send(ASK);
    assertEquals(403, client.readHead().status());
  }

  @Test
  void pluginThatRemovesTheWishGetsAPlainRequest() {
    TestPlugin removes =
        new TestPlugin(
            ctx -> {
              ctx.request().headers().remove("Upgrade");
              return RequestDecision.proceed();
            });
    Wire client = client(proxy(builder -> builder.plugin(removes)));
    client.send(ASK);
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Connection"));
    upstream.send(ok("plain"));
    assertEquals("plain", client.readBody(client.readHead()));
  }

  @Test
  void pluginThatAddsTheWishToAClientWithoutItIsNotHeard() {
    TestPlugin adds =
        new TestPlugin(
            ctx -> {
              ctx.request().headers().set("Upgrade", "websocket");
              ctx.request().headers().set("Connection", "upgrade");
              return RequestDecision.proceed();
            });
    Wire client = client(proxy(builder -> builder.plugin(adds)));
    client.send(get("/"));
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Upgrade"));
    upstream.send(ok("plain"));
    assertEquals("plain", client.readBody(client.readHead()));
  }

  @Test
  void pluginMayPutAnotherResponseInPlaceOfThe101() {
    plugin.onResponse =
        ctx -> ResponseDecision.replace(DirectResponse.status(403).text("no tunnels today"));
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(SWITCH);
    Wire.Head response = client.readHead();
    assertEquals(403, response.status());
    assertNull(response.get("Upgrade"));
    assertEquals("no tunnels today", client.readBody(response));
    assertTrue(upstream.endsWithReset());
    assertEquals(Outcome.COMPLETED, plugin.awaitEnd().outcome());
  }

  @Test
  void changingThe101IsAFaultOfThePlugin() {
    plugin.onResponse =
        ctx -> {
          ctx.response().status(200);
          return ResponseDecision.proceed();
        };
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(SWITCH);
    // FAIL_OPEN: the tunnel opens as if the plugin were not there.
    Wire.Head response = client.readHead();
    assertEquals(101, response.status());
    assertTrue(response.get("Proxy-Status").contains("tunnel-watch"), response::toString);
    client.send("x");
    assertEquals("x", upstream.read(1));
  }

  @Test
  void bodyInPlaceOfATunnelIsAFaultOfThePlugin() {
    plugin.onResponse =
        ctx -> ResponseDecision.proceedWithBody(java.nio.ByteBuffer.wrap(new byte[3]));
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(SWITCH);
    assertEquals(101, client.readHead().status());
  }

  @Test
  void clientThatLeavesBeforeTheAnswerAbortsTheRequest() {
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    client.close();
    upstream.awaitEnd();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void upstreamThatLeavesBeforeTheAnswerGives502() {
    Wire client = client(tunnelProxy());
    client.send(ASK);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.close();
    assertEquals(502, client.readHead().status());
  }
}
