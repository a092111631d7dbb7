package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.route.Route;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.jetty.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which version is spoken inside TLS (RFC 7301), on both sides. */
class Http2TlsTest extends WireTest {
  private static final int ENABLE_CONNECT_PROTOCOL = 8;

  @TempDir static Path shared;
  private static TestAuthority authority;
  private static Issued own;
  private static Path trusted;
  private static Path chain;
  private static Path key;
  private SSLServerSocket server;

  @BeforeAll
  static void makeAuthority() throws Exception {
    authority = new TestAuthority("test authority");
    trusted = authority.write(shared.resolve("authority.pem"));
    own = authority.issue("localhost");
    chain = own.writeChain(shared.resolve("chain.pem"));
    key = own.writeKey(shared.resolve("key.pem"));
  }

  @BeforeEach
  void listen() throws Exception {
    SSLContext context = TestAuthority.context(null, own);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(Wire.CEILING_MILLIS);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void speaks(String... protocols) {
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    server.setSSLParameters(parameters);
  }

  private Wire accept() throws IOException {
    SSLSocket socket = (SSLSocket) server.accept();
    socket.startHandshake();
    return opened(new Wire(socket));
  }

  private Proxy proxy(Destination.Protocol protocol) {
    return proxy(
        b ->
            b.route(
                Route.builder("/tls/**")
                    .target("https://localhost:" + server.getLocalPort())
                    .protocol(protocol)
                    .upstreamTls(UpstreamTls.builder().authorities(trusted).build())
                    .build()));
  }

  // --- with clients

  @ParameterizedTest
  @CsvSource({"h2|http/1.1,h2", "http/1.1|h2,h2", "h2,h2", "http/1.1,http/1.1", ",''"})
  void clientOffers(String offers, String chosen) throws Exception {
    Proxy proxy =
        proxy(b -> b.tls(ListenerTls.builder().certificate(chain, key).build()).allowAnyHost());
    SSLContext context = TestAuthority.context(authority.certificate(), null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), proxy.port());
    if (offers != null) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(offers.split("\\|"));
      socket.setSSLParameters(parameters);
    }
    Wire wire = opened(new Wire(socket));
    socket.startHandshake();
    assertEquals(chosen, socket.getApplicationProtocol());
    if (chosen.equals("h2")) {
      Frames client = Frames.begin(wire);
      for (int i = 0; i < 3; i++) client.get(1 + 2 * i, "/" + i);
      Wire[] upstreams = {origin.accept(), origin.accept(), origin.accept()};
      for (Wire upstream : upstreams) {
        int number = Integer.parseInt(upstream.readHead().line().substring(5, 6));
        upstream.send(ok("x".repeat(20_000 + number)));
      }
      for (int i = 0; i < 3; i++) {
        Frames.Frame head = client.await(Frames.HEADERS);
        assertEquals(200, head.status());
        assertEquals(20_000 + head.stream() / 2, client.body(head.stream()).length());
      }
    } else {
      wire.send(get("/"));
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.send(ok("fine"));
      assertEquals("fine", wire.readBody(wire.readHead()));
    }
  }

  /** Who chose HTTP/1.1 does not get HTTP/2 by its preface. */
  @Test
  void prefaceInsideTlsNeedsAlpn() throws Exception {
    Proxy proxy =
        proxy(b -> b.tls(ListenerTls.builder().certificate(chain, key).build()).allowAnyHost());
    SSLContext context = TestAuthority.context(authority.certificate(), null);
    Wire wire =
        opened(
            new Wire(
                context
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), proxy.port())));
    wire.send(Frames.PREFACE);
    assertEquals(505, wire.readHead().status());
  }

  @Test
  void cleartextBesideTlsMaySpeakHttp2() {
    Proxy proxy =
        proxy(
            b ->
                b.tls(ListenerTls.builder().certificate(chain, key).alsoCleartext().build())
                    .allowAnyHost());
    Frames client = opened(Frames.connect(proxy.port())).get(1, "/");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("fine"));
    assertEquals(200, client.of(1).status());
    assertEquals("fine", client.body(1));
  }

  // --- with upstreams

  /** Calls that come while nobody knows what the upstream speaks wait for that, and share. */
  @Test
  void upstreamThatChoosesHttp2GetsOneConnection() throws Exception {
    speaks("h2", "http/1.1");
    Proxy proxy = proxy(Destination.Protocol.NEGOTIATED);
    Frames client = opened(Frames.connect(proxy.port()));
    for (int i = 0; i < 10; i++) client.get(1 + 2 * i, "/tls/" + i);
    Frames at = Frames.accept(accept());
    for (int i = 0; i < 10; i++) {
      Frames.Frame head = at.await(Frames.HEADERS);
      assertEquals("https", head.get(":scheme"));
      at.head(head.stream(), false, ":status: 200").data(head.stream(), true, head.get(":path"));
    }
    for (int i = 0; i < 10; i++) {
      Frames.Frame head = client.await(Frames.HEADERS);
      assertEquals("/tls/" + head.stream() / 2, client.body(head.stream()));
    }
  }

  @Test
  void upstreamThatChoosesHttp1GetsOneForEachCall() throws Exception {
    speaks("http/1.1");
    Proxy proxy = proxy(Destination.Protocol.NEGOTIATED);
    Frames client = opened(Frames.connect(proxy.port()));
    for (int i = 0; i < 4; i++) client.get(1 + 2 * i, "/tls/" + i);
    Wire[] wires = new Wire[4];
    for (int i = 0; i < 4; i++) wires[i] = accept();
    for (Wire wire : wires) {
      String path = wire.readHead().line().split(" ", -1)[1];
      wire.send(ok(path));
    }
    for (int i = 0; i < 4; i++) {
      Frames.Frame head = client.await(Frames.HEADERS);
      assertEquals("/tls/" + head.stream() / 2, client.body(head.stream()));
    }
  }

  @Test
  void upstreamThatMustNotSpeakHttp2IsNotAsked() throws Exception {
    speaks("h2", "http/1.1");
    Wire client = client(proxy(Destination.Protocol.HTTP_1_1));
    client.send(get("/tls/"));
    Wire upstream = accept();
    assertEquals("GET /tls/ HTTP/1.1", upstream.readHead().line());
    upstream.send(ok("fine"));
    assertEquals("fine", client.readBody(client.readHead()));
  }

  @Test
  void upstreamThatMustSpeakHttp2AndDoesNotIs502() throws Exception {
    Wire client = client(proxy(Destination.Protocol.HTTP_2));
    CompletableFuture<Void> accepted =
        CompletableFuture.runAsync(
            () -> {
              try {
                accept();
              } catch (IOException e) {
                // The proxy refused.
              }
            });
    client.send(get("/tls/"));
    Wire.Head head = client.readHead();
    assertEquals(502, head.status());
    assertTrue(client.readBody(head).contains("upstream_protocol"));
    accepted.get(20, TimeUnit.SECONDS);
  }

  private static final String WEBSOCKET =
      String.join(
          "\r\n",
          "GET /tls/chat HTTP/1.1",
          "Host: localhost",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "",
          "");

  @Test
  void webSocketGoesByHttp2WhereTheUpstreamTakesIt() throws Exception {
    speaks("h2", "http/1.1");
    Wire client = client(proxy(Destination.Protocol.NEGOTIATED));
    client.send(WEBSOCKET);
    Frames at = Frames.accept(accept(), ENABLE_CONNECT_PROTOCOL, 1);
    Frames.Frame head = at.await(Frames.HEADERS);
    assertEquals("CONNECT", head.get(":method"));
    assertEquals("https", head.get(":scheme"));
    at.head(1, false, ":status: 200").data(1, false, "hello");
    assertEquals(101, client.readHead().status());
    assertEquals("hello", client.read(5));
    client.close(); // else the upstream's close waits for the proxy's
  }

  /** The connection of HTTP/2 stays for what it can do. */
  @ParameterizedTest
  @CsvSource({"first", "later"})
  void webSocketFallsBackToHttp1WhereTheUpstreamDoesNot(String when) throws Exception {
    speaks("h2", "http/1.1");
    Proxy proxy = proxy(Destination.Protocol.NEGOTIATED);
    Frames other = opened(Frames.connect(proxy.port()));
    Wire client = client(proxy);
    Frames two;
    if (when.equals("first")) {
      client.send(WEBSOCKET);
      two = Frames.accept(accept());
    } else {
      other.get(1, "/tls/1");
      two = Frames.accept(accept());
      two.await(Frames.HEADERS);
      two.head(1, true, ":status: 204");
      assertEquals(204, other.of(1).status());
      client.send(WEBSOCKET);
    }
    speaks("http/1.1");
    Wire one = accept();
    Wire.Head head = one.readHead();
    assertEquals("GET /tls/chat HTTP/1.1", head.line());
    assertEquals("dGhlIHNhbXBsZSBub25jZQ==", head.get("Sec-WebSocket-Key"));
    one.send("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    assertEquals(101, client.readHead().status());
    assertEquals("hello", client.read(5));
    client.close(); // else the upstream's close waits for the proxy's
    other.get(3, "/tls/3");
    assertEquals("/tls/3", two.await(Frames.HEADERS).get(":path"));
  }

  @Test
  void webSocketGoesByHttp1WhereThatIsChosen() throws Exception {
    speaks("http/1.1");
    Wire client = client(proxy(Destination.Protocol.NEGOTIATED));
    client.send(WEBSOCKET);
    Wire one = accept();
    assertEquals("websocket", one.readHead().get("Upgrade"));
    one.send("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello");
    assertEquals(101, client.readHead().status());
    assertEquals("hello", client.read(5));
    client.close(); // else the upstream's close waits for the proxy's
  }

  /** HTTP/2 knows no other Upgrade: what asks for one is not negotiated into it. */
  @Test
  void upgradeStaysWithHttp1() throws Exception {
    speaks("h2", "http/1.1");
    Wire client = client(proxy(Destination.Protocol.NEGOTIATED));
    client.send(
        "GET /tls/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    Wire upstream = accept();
    Wire.Head head = upstream.readHead();
    assertEquals("x", head.get("Upgrade"));
    upstream.send("HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello");
    assertEquals(101, client.readHead().status());
    assertEquals("hello", client.read(5));
    client.close(); // else the upstream's close waits for the proxy's
    assertNull(head.get("HTTP2-Settings"));
  }
}
