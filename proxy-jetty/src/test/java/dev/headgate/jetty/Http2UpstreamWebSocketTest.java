package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.Outcome;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSocket at upstreams of HTTP/2 (RFC 8441), and the mix of versions. */
class Http2UpstreamWebSocketTest extends WireTest {
  private static final int ENABLE_CONNECT_PROTOCOL = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WINDOW = 256 * 1024;
  private static final int PIECE = 16 * 1024;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final TunnelPlugin plugin = new TunnelPlugin();

  private Proxy proxyTo(Destination.Protocol protocol) {
    return proxyTo(protocol, Timeouts.defaults());
  }

  private Proxy proxyTo(Destination.Protocol protocol, Timeouts timeouts) {
    Route route = Route.builder("/x/**").target(origin.uri()).protocol(protocol).build();
    return proxy(builder -> builder.plugin(plugin).timeouts(timeouts).route(route));
  }

  private Proxy h2Proxy() {
    return proxyTo(Destination.Protocol.HTTP_2);
  }

  private Frames upstream(int... settings) {
    return Frames.accept(origin.accept(), settings);
  }

  private Frames capable() {
    return upstream(ENABLE_CONNECT_PROTOCOL, 1);
  }

  private static Wire ask(Wire client) {
    return client.send(
        "GET /x/chat?room=1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a, b\r\n"
            + "Sec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n");
  }

  private static Frames ask(Frames client, int stream) {
    return client.head(
        stream,
        false,
        ":method: CONNECT",
        ":protocol: websocket",
        ":scheme: http",
        ":path: /x/chat?room=1",
        ":authority: localhost",
        "sec-websocket-version: 13",
        "sec-websocket-protocol: a, b");
  }

  private Wire openBy(Frames[] made) {
    Wire client = ask(client(h2Proxy()));
    Frames at = capable();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    assertEquals(101, client.readHead().status());
    made[0] = at;
    return client;
  }

  // --- each version meets each

  /** One end of a WebSocket connection, in either version. */
  private interface End {
    void send(String text);

    String receive(int length);

    void end();

    /** Waits for the end of what the other sends. */
    void awaitEnd();
  }

  private static End end(Wire wire) {
    return new End() {
      @Override
      public void send(String text) {
        wire.send(text);
      }

      @Override
      public String receive(int length) {
        return wire.read(length);
      }

      @Override
      public void end() {
        wire.halfClose();
      }

      @Override
      public void awaitEnd() {
        assertEquals("", wire.readAll());
      }
    };
  }

  private static End end(Frames frames) {
    StringBuilder received = new StringBuilder();
    return new End() {
      @Override
      public void send(String text) {
        frames.data(1, false, text);
      }

      @Override
      public String receive(int length) {
        while (received.length() < length) received.append(frames.of(1).text());
        String text = received.substring(0, length);
        received.delete(0, length);
        return text;
      }

      @Override
      public void end() {
        frames.data(1, true, "");
      }

      @Override
      public void awaitEnd() {
        assertEquals("", frames.body(1));
      }
    };
  }

  private End accept(Destination.Protocol protocol) {
    if (protocol == Destination.Protocol.HTTP_2) {
      Frames at = capable();
      assertEquals("websocket", at.await(Frames.HEADERS).get(":protocol"));
      at.head(1, false, ":status: 200", "sec-websocket-protocol: b");
      return end(at);
    }
    Wire at = origin.accept();
    String key = at.readHead().get("Sec-WebSocket-Key");
    at.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Protocol: b\r\nSec-WebSocket-Accept: "
            + new WebSocketKey(key).answer()
            + "\r\n\r\n");
    return end(at);
  }

  @ParameterizedTest(name = "h{0} to {1}")
  @CsvSource({"1,HTTP_1_1", "2,HTTP_1_1", "1,HTTP_2", "2,HTTP_2"})
  void echo(int version, Destination.Protocol protocol) {
    Proxy proxy = proxyTo(protocol);
    End client;
    End at;
    if (version == 1) {
      Wire wire = ask(client(proxy));
      at = accept(protocol);
      Wire.Head head = wire.readHead();
      assertEquals(101, head.status());
      assertEquals(new WebSocketKey(KEY).answer(), head.get("Sec-WebSocket-Accept"));
      assertEquals("websocket", head.get("Upgrade"));
      assertEquals("b", head.get("Sec-WebSocket-Protocol"));
      client = end(wire);
    } else {
      Frames frames = ask(opened(Frames.connect(proxy.port())), 1);
      at = accept(protocol);
      assertEquals(List.of(":status: 200", "sec-websocket-protocol: b"), frames.of(1).fields());
      client = end(frames);
    }
    for (int i = 0; i < 50; i++) {
      String text = "message\0" + i;
      client.send(text);
      assertEquals(text, at.receive(text.length()));
      at.send(text);
      assertEquals(text, client.receive(text.length()));
    }
    client.end();
    at.awaitEnd();
    at.send("last");
    assertEquals("last", client.receive(4));
    at.end();
    client.awaitEnd();
    TunnelPlugin.End ended = plugin.awaitEnd();
    assertEquals(Outcome.COMPLETED, ended.outcome());
    assertEquals(101, ended.status());
    assertEquals(List.of("response 101"), plugin.hooks);
  }

  // --- the handshake

  @Test
  void handshakeIsAnExtendedConnect() {
    ask(client(h2Proxy()));
    Frames at = capable();
    Frames.Frame head = at.await(Frames.HEADERS);
    assertEquals(0, head.flags() & Frames.END_STREAM);
    assertEquals("CONNECT", head.get(":method"));
    assertEquals("websocket", head.get(":protocol"));
    assertEquals("http", head.get(":scheme"));
    assertEquals("/x/chat?room=1", head.get(":path"));
    assertEquals("127.0.0.1:" + origin.port(), head.get(":authority"));
    assertEquals("13", head.get("sec-websocket-version"));
    assertEquals("a, b", head.get("sec-websocket-protocol"));
    for (String field : List.of("sec-websocket-key", "upgrade", "connection", "content-length")) {
      assertNull(head.get(field), field);
    }
  }

  @Test
  void earlyBytesOfBothSidesAreKept() {
    Wire client = ask(client(h2Proxy())).send("early");
    Frames at = capable();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200").data(1, false, "soon");
    assertEquals(101, client.readHead().status());
    assertEquals("soon", client.read(4));
    assertEquals("early", at.of(1).text());
  }

  @Test
  void anotherAnswerIsANormalResponse() {
    Frames client = ask(opened(Frames.connect(h2Proxy().port())), 1);
    Frames at = capable();
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 403", "content-length: 2").data(1, true, "no");
    assertEquals(403, client.of(1).status());
    assertEquals("no", client.body(1));
    assertEquals(Frames.CANCEL, at.await(Frames.RST_STREAM).code());
    client.get(3, "/x/next");
    assertEquals("/x/next", at.await(Frames.HEADERS).get(":path"));
  }

  /** Nothing may be asked before the upstream has said that it can do it (RFC 8441 section 3). */
  @Test
  void handshakeWaitsForTheSettingsAndOtherRequestsDoNot() {
    Frames client = ask(opened(Frames.connect(h2Proxy().port())), 1);
    Wire wire = origin.accept();
    assertEquals(Frames.PREFACE, wire.read(Frames.PREFACE.length()));
    Frames at = new Frames(wire);
    client.get(3, "/x/other");
    assertEquals("/x/other", at.await(Frames.HEADERS).get(":path"));
    at.settings(ENABLE_CONNECT_PROTOCOL, 1);
    assertEquals("CONNECT", at.await(Frames.HEADERS).get(":method"));
    at.head(3, false, ":status: 200");
    assertEquals(200, client.of(1).status());
    at.head(1, true, ":status: 204");
    assertEquals(204, client.of(3).status());
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void upstreamThatDoesNotTakeItIs502(int version) {
    Proxy proxy = h2Proxy();
    int status;
    String body;
    if (version == 1) {
      Wire client = ask(client(proxy));
      upstream();
      Wire.Head head = client.readHead();
      status = head.status();
      body = client.readBody(head);
    } else {
      Frames client = ask(opened(Frames.connect(proxy.port())), 1);
      upstream();
      status = client.of(1).status();
      body = client.body(1);
    }
    assertEquals(502, status);
    assertTrue(body.contains("upstream_protocol"), body);
    assertTrue(body.contains("WebSocket over HTTP/2"), body);
  }

  @Test
  void upstreamThatLeavesBeforeItsSettingsIs502() {
    Wire client = ask(client(h2Proxy()));
    Wire wire = origin.accept();
    wire.read(Frames.PREFACE.length());
    wire.close();
    assertEquals(502, client.readHead().status());
  }

  @Test
  void upstreamWithoutSettingsIs504() {
    Timeouts timeouts = Timeouts.builder().connect(Duration.ofMillis(500)).build();
    Wire client = ask(client(proxyTo(Destination.Protocol.HTTP_2, timeouts)));
    origin.accept();
    Wire.Head head = client.readHead();
    assertEquals(504, head.status());
    assertTrue(client.readBody(head).contains("connect_timeout"));
  }

  // --- windows

  @Test
  void windowOfTheUpstreamIsKept() {
    Wire client = ask(client(h2Proxy()));
    Frames at = upstream(ENABLE_CONNECT_PROTOCOL, 1, INITIAL_WINDOW_SIZE, 10);
    at.await(Frames.HEADERS);
    at.head(1, false, ":status: 200");
    assertEquals(101, client.readHead().status());
    client.send("0123456789abc");
    assertEquals("0123456789", at.of(1).text());
    at.window(1, 10);
    assertEquals("abc", at.of(1).text());
  }

  /** More than the stream's window passes, as what the client has taken is given back. */
  @Test
  void windowOfTheProxyIsGivenBack() throws Exception {
    Frames[] made = new Frames[1];
    Wire client = openBy(made);
    Frames at = made[0];
    int pieces = 128;
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              int window = WINDOW;
              for (int i = 0; i < pieces; i++) {
                while (window < PIECE) {
                  Frames.Frame frame = at.next();
                  boolean more = frame.type() == Frames.WINDOW_UPDATE && frame.stream() == 1;
                  if (more) window += ByteBuffer.wrap(frame.payload()).getInt();
                }
                at.data(1, false, new byte[PIECE]);
                window -= PIECE;
              }
            });
    client.skip(pieces * PIECE);
    sent.get(20, TimeUnit.SECONDS);
  }

  // --- it breaks

  @Test
  void upstreamsResetBreaksTheClientOff() {
    Frames[] made = new Frames[1];
    Wire client = openBy(made);
    made[0].reset(1, Frames.CANCEL);
    assertTrue(client.endsWithReset());
    assertEquals(Outcome.ABORTED, plugin.awaitEnd().outcome());
  }

  @Test
  void upstreamThatVanishesBreaksTheClientOff() {
    Frames[] made = new Frames[1];
    Wire client = openBy(made);
    made[0].abort();
    assertTrue(client.endsWithReset());
    assertEquals(Outcome.ABORTED, plugin.awaitEnd().outcome());
  }

  @Test
  void clientThatVanishesIsACancel() {
    Frames[] made = new Frames[1];
    Wire client = openBy(made);
    client.reset();
    assertEquals(Frames.CANCEL, made[0].await(Frames.RST_STREAM).code());
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void clientThatLeavesBeforeTheAnswerIsACancel() {
    Wire client = ask(client(h2Proxy()));
    Frames at = capable();
    at.await(Frames.HEADERS);
    client.reset();
    assertEquals(Frames.CANCEL, at.await(Frames.RST_STREAM).code());
  }

  @Test
  void upstreamThatResetsBeforeTheAnswerIs502() {
    Wire client = ask(client(h2Proxy()));
    Frames at = capable();
    at.await(Frames.HEADERS);
    at.reset(1, Frames.INTERNAL_ERROR);
    assertEquals(502, client.readHead().status());
  }

  /** Tunnels are streams among others. */
  @Test
  void manyTunnelsShareAConnection() {
    Proxy proxy = h2Proxy();
    List<Wire> clients = new ArrayList<>();
    clients.add(ask(client(proxy)));
    Frames at = capable();
    at.await(Frames.HEADERS);
    for (int i = 1; i < 20; i++) {
      clients.add(ask(client(proxy)));
      assertEquals(1 + 2 * i, at.await(Frames.HEADERS).stream());
    }
    for (int i = 0; i < 20; i++)
      at.head(1 + 2 * i, false, ":status: 200").data(1 + 2 * i, true, "" + i);
    for (int i = 0; i < 20; i++) {
      assertEquals(101, clients.get(i).readHead().status());
      assertEquals("" + i, clients.get(i).readAll());
      clients.get(i).halfClose();
      assertTrue(at.of(1 + 2 * i).ends());
    }
  }
}
