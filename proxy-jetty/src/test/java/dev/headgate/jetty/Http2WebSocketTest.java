package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.Outcome;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket that a client asks for on a stream (rule 18, RFC 8441), at an upstream of HTTP/1.1. */
class Http2WebSocketTest extends Http2WireTest {
  private static final int WINDOW = 256 * 1024;
  private static final int PIECE = 16 * 1024;

  private final TunnelPlugin plugin = new TunnelPlugin();

  private Frames client(int... settings) {
    Proxy proxy = proxy(builder -> builder.plugin(plugin));
    return h2(proxy, settings);
  }

  private static Frames ask(Frames client, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                ":method: CONNECT",
                ":protocol: websocket",
                ":scheme: http",
                ":path: /chat?room=1",
                ":authority: localhost"));
    fields.addAll(List.of(more));
    return client.head(1, false, fields.toArray(String[]::new));
  }

  private static String accept(Wire.Head request) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (request.get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void switchTo(Wire upstream, String accept, String more) {
    upstream.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept
            + "\r\n"
            + more
            + "\r\n");
  }

  private Wire switched(Frames client) {
    ask(client);
    Wire upstream = origin.accept();
    switchTo(upstream, accept(upstream.readHead()), "");
    assertEquals(200, client.of(1).status());
    return upstream;
  }

  @Test
  void greetingOffersIt() {
    byte[] settings = client().await(Frames.SETTINGS).payload();
    boolean offered = false;
    for (int i = 0; i < settings.length; i += 6) {
      offered |= settings[i + 1] == ENABLE_CONNECT_PROTOCOL && settings[i + 5] == 1;
    }
    assertTrue(offered);
  }

  @Test
  void handshakeIsThatOfHttp1WithAKeyOfOurs() {
    Frames client = client();
    ask(
        client,
        "sec-websocket-version: 13",
        "sec-websocket-protocol: a, b",
        "sec-websocket-extensions: permessage-deflate",
        "sec-websocket-key: theirs",
        "origin: http://localhost");
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GET /chat?room=1 HTTP/1.1", request.line());
    assertEquals("Upgrade", request.get("Connection"));
    assertEquals("websocket", request.get("Upgrade"));
    assertEquals(16, Base64.getDecoder().decode(request.get("Sec-WebSocket-Key")).length);
    assertEquals("13", request.get("sec-websocket-version"));
    assertEquals("a, b", request.get("sec-websocket-protocol"));
    assertEquals("permessage-deflate", request.get("sec-websocket-extensions"));
    assertEquals("http://localhost", request.get("origin"));
    assertNull(request.get("Content-Length"));
    switchTo(upstream, accept(request), "Sec-WebSocket-Protocol: b\r\n");
    assertEquals(List.of(":status: 200", "sec-websocket-protocol: b"), client.of(1).fields());
    assertEquals(List.of("response 101"), plugin.hooks);
  }

  @Test
  void bytesGoBothWaysAndEachDirectionEndsByItself() {
    Frames client = client();
    Wire upstream = switched(client);
    for (int i = 0; i < 50; i++) {
      client.data(1, false, "to\0" + i);
      assertEquals("to\0" + i, upstream.read(("to\0" + i).length()));
      upstream.send("fro\0" + i);
      assertEquals("fro\0" + i, client.of(1).text());
    }
    client.data(1, true, "last");
    assertEquals("last", upstream.readAll());
    upstream.send("more");
    assertEquals("more", client.of(1).text());
    upstream.close();
    assertEquals("", client.body(1));
    TunnelPlugin.End end = plugin.awaitEnd();
    assertEquals(Outcome.COMPLETED, end.outcome());
    assertEquals(101, end.status());
    assertEquals(List.of("response 101"), plugin.hooks);
  }

  @Test
  void earlyBytesOfBothSidesAreKept() {
    Frames client = client();
    ask(client).data(1, false, "early");
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    switchTo(upstream, accept(request), "");
    upstream.send("soon");
    assertEquals(200, client.of(1).status());
    assertEquals("soon", client.of(1).text());
    assertEquals("early", upstream.read(5));
  }

  @Test
  void windowOfTheClientIsKept() {
    Frames client = client(INITIAL_WINDOW_SIZE, 10);
    Wire upstream = switched(client);
    upstream.send("0123456789abc");
    assertEquals("0123456789", client.of(1).text());
    // Nothing more may come before this is answered.
    client.ping();
    assertEquals(Frames.PING, afterAcks(client));
    client.window(1, 10);
    assertEquals("abc", client.of(1).text());
  }

  private static int afterAcks(Frames client) {
    Frames.Frame frame = client.next();
    while (frame.type() == Frames.SETTINGS || frame.type() == Frames.WINDOW_UPDATE) {
      frame = client.next();
    }
    return frame.type();
  }

  /** More than the stream's window passes, as what the upstream has taken is given back. */
  @Test
  void windowOfTheProxyIsGivenBack() throws Exception {
    Frames client = client();
    Wire upstream = switched(client);
    int pieces = 128;
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              int window = WINDOW;
              for (int i = 0; i < pieces; i++) {
                while (window < PIECE) {
                  Frames.Frame frame = client.next();
                  boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
                  if (more) window += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                }
                client.data(1, false, new byte[PIECE]);
                window -= PIECE;
              }
            });
    upstream.skip(pieces * PIECE);
    sent.get(20, TimeUnit.SECONDS);
  }

  // --- it does not open

  @ParameterizedTest
  @ValueSource(ints = {403, 426, 301})
  void anotherAnswerIsANormalResponse(int status) {
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 " + status + " Other\r\nContent-Length: 2\r\n\r\nno");
    assertEquals(status, client.of(1).status());
    assertEquals("no", client.body(1));
    isServed(client, upstream);
  }

  /** The client would take it for an open tunnel. */
  @Test
  void successWithoutASwitchIs502() {
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("a page"));
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_protocol"));
    upstream.awaitEnd();
    isServed(client, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong", ""})
  void switchWithoutTheAnswerToTheKeyIs502(String accept) {
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    upstream.readHead();
    switchTo(upstream, accept, "");
    assertEquals(502, client.of(1).status());
    assertTrue(client.body(1).contains("upstream_protocol"));
    upstream.awaitEnd();
  }

  /** The connection goes on. */
  private void isServed(Frames client, Wire kept) {
    client.get(3, "/next");
    Wire upstream = kept == null ? origin.accept() : kept;
    assertEquals("GET /next HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("fine"));
    assertEquals(200, client.of(3).status());
    assertEquals("fine", client.body(3));
  }

  @Test
  void pluginMayRefuseIt() {
    List<String> seen = new CopyOnWriteArrayList<>();
    TestPlugin refuses =
        new TestPlugin(
            ctx -> {
              seen.add(ctx.request().method());
              seen.add(ctx.request().headers().get("Host"));
              seen.add(ctx.request().headers().get("Upgrade"));
              return RequestDecision.fail(
                  new ClientFault(ErrorCode.of("no_upgrades", 403), Phase.REQUEST_HOOKS, "No."));
            });
    Proxy proxy = proxy(builder -> builder.plugin(refuses));
    Frames client = h2(proxy);
    ask(client).data(1, false, "early");
    assertEquals(403, client.of(1).status());
    assertTrue(client.body(1).contains("no_upgrades"));
    assertEquals(Frames.NO_ERROR, client.of(1).code());
    assertEquals(List.of("GET", "localhost", "websocket"), seen);
  }

  @Test
  void pluginsSuccessIsNoTunnel() {
    TestPlugin answers =
        new TestPlugin(ctx -> RequestDecision.respond(DirectResponse.status(200).text("hello")));
    Proxy proxy = proxy(builder -> builder.plugin(answers));
    Frames client = h2(proxy);
    ask(client);
    assertEquals(500, client.of(1).status());
    assertTrue(client.body(1).contains("internal"));
  }

  @Test
  void pluginMayPutAnotherResponseInPlaceOfTheTunnel() {
    plugin.onResponse =
        ctx -> ResponseDecision.replace(DirectResponse.status(403).text("no tunnels today"));
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    switchTo(upstream, accept(upstream.readHead()), "");
    assertEquals(403, client.of(1).status());
    assertEquals("no tunnels today", client.body(1));
    assertTrue(upstream.endsWithReset());
  }

  @Test
  void protocolThatIsNotKnownIs501() {
    Frames client = client();
    client.head(
        1,
        false,
        ":method: CONNECT",
        ":protocol: connect-udp",
        ":scheme: http",
        ":path: /",
        ":authority: localhost");
    assertEquals(501, client.of(1).status());
    assertTrue(client.body(1).contains("not_implemented"));
  }

  @Test
  void clientThatHasEndedItsStreamIs400() {
    Frames client = client();
    client.head(
        1,
        true,
        ":method: CONNECT",
        ":protocol: websocket",
        ":scheme: http",
        ":path: /",
        ":authority: localhost");
    assertEquals(400, client.of(1).status());
  }

  @ParameterizedTest
  @CsvSource({
    ":scheme: http,:authority: localhost",
    ":path: /,:authority: localhost",
    ":scheme: http,:path: /"
  })
  void headThatLacksAPseudoFieldIsMalformed(String first, String second) {
    Frames client = client();
    client.head(1, false, ":method: CONNECT", ":protocol: websocket", first, second);
    Frames.Frame reset = client.of(1);
    assertEquals(Frames.RST_STREAM, reset.type());
    assertEquals(Frames.PROTOCOL_ERROR, reset.code());
  }

  // --- it breaks

  @Test
  void clientsResetBreaksTheUpstreamOff() {
    Frames client = client();
    Wire upstream = switched(client);
    client.reset(1, Frames.CANCEL);
    assertTrue(upstream.endsWithReset());
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void clientThatVanishesBreaksTheUpstreamOff() {
    Frames client = client();
    Wire upstream = switched(client);
    client.abort();
    assertTrue(upstream.endsWithReset());
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void clientThatResetsBeforeTheAnswerAbortsTheRequest() {
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    upstream.readHead();
    client.reset(1, Frames.CANCEL);
    upstream.awaitEnd();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  /** RFC 8441 section 5: a reset of the connection is told as CANCEL. */
  @Test
  void upstreamsResetIsPassedOn() {
    Frames client = client();
    Wire upstream = switched(client);
    upstream.reset();
    Frames.Frame reset = client.of(1);
    assertEquals(Frames.RST_STREAM, reset.type());
    assertEquals(Frames.CANCEL, reset.code());
    assertEquals(Outcome.ABORTED, plugin.awaitEnd().outcome());
  }

  @Test
  void upstreamThatLeavesBeforeTheAnswerGives502() {
    Frames client = client();
    ask(client);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.close();
    assertEquals(502, client.of(1).status());
  }

  @Test
  void stopBreaksItOffAfterTheGrace() {
    Proxy proxy = proxy(builder -> builder.plugin(plugin));
    Frames client = h2(proxy);
    Wire upstream = switched(client);
    proxy.stop(Duration.ofMillis(50));
    assertTrue(upstream.endsWithReset());
  }
}
