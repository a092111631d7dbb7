package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.TlsInfo;
import dev.headgate.core.route.Route;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.tck.memory.MemoryBackend;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with clients: handshakes, what passes inside, and how connections end. */
class ListenerTlsTest extends ListenerTlsWireTest {
  @Test
  void servesSeveralRequestsAndSaysSo() throws Exception {
    CompletableFuture<String> scheme = new CompletableFuture<>();
    CompletableFuture<TlsInfo> seen = new CompletableFuture<>();
    Proxy proxy =
        proxy(
            b ->
                b.tls(ListenerTls.builder().certificate(chain, key).build())
                    .plugin(
                        new TestPlugin(
                            ctx -> {
                              scheme.complete(ctx.request().scheme());
                              seen.complete(ctx.client().tls());
                              return RequestDecision.proceed();
                            })));
    assertEquals("https", proxy.uri().getScheme());
    SSLSocket socket = connect(proxy, trusting());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName("localhost")));
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    Wire client = opened(new Wire(socket));
    client.send(get("/"));
    Wire upstream = origin.accept();
    for (int i = 1; i < 10; i++) {
      upstream.readHead();
      upstream.send(ok("x".repeat(i * 7000)));
      assertEquals(i * 7000, client.readBody(client.readHead()).length());
      client.send(get("/" + i));
    }
    assertEquals("https", scheme.get());
    TlsInfo tls = seen.get();
    assertEquals("TLSv1.3", tls.protocol());
    assertTrue(tls.cipherSuite().startsWith("TLS_"), tls.cipherSuite());
    assertEquals("localhost", tls.serverName());
    assertEquals("http/1.1", tls.applicationProtocol());
    assertEquals(List.of(), tls.peerCertificates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void speaksTls(String version) throws Exception {
    Proxy proxy = secured(tls -> tls);
    SSLSocket socket = connect(proxy, trusting());
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    assertEquals(version, socket.getSession().getProtocol());
    Wire client = opened(new Wire(socket));
    served(client);
  }

  /** By hand, as clients of today can't even be told to ask for it. */
  @Test
  void refusesTls11() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Wire client = opened(Wire.connect(proxy.port()));
    byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 2 + 2];
    byte[] head = {0x16, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9)};
    System.arraycopy(head, 0, hello, 0, head.length);
    hello[9] = 3;
    hello[10] = 2; // TLS 1.1
    int at = 11 + 32 + 1;
    byte[] suites = {0, 2, (byte) 0xc0, 0x09, 1, 0}; // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA
    System.arraycopy(suites, 0, hello, at, suites.length);
    client.send(hello);
    String alert = client.read(7);
    assertEquals(0x15, alert.charAt(0));
    assertEquals(70, alert.charAt(6)); // protocol_version
    client.awaitEnd();
  }

  @Test
  void closesOnPlainHttp() {
    Proxy proxy = secured(tls -> tls);
    Wire client = client(proxy);
    client.send(get("/"));
    client.awaitEnd();
  }

  @Test
  void servesBothOnOnePortWhenToldTo() throws Exception {
    Proxy proxy = secured(ListenerTls.Builder::alsoCleartext);
    Wire plain = client(proxy);
    plain.send("GET /plain HT");
    plain.send("TP/1.1\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("plain"));
    assertEquals("plain", plain.readBody(plain.readHead()));
    plain.send(get("/again"));
    upstream.readHead();
    upstream.send(okOnce("again"));
    assertEquals("again", plain.readBody(plain.readHead()));
    served(client(proxy, trusting()));
    client(proxy); // says nothing, and is closed with the proxy
  }

  @Test
  void endsHandshakesThatTakeTooLong() {
    Proxy proxy = secured(tls -> tls.handshakeTimeout(Duration.ofMillis(100)));
    client(proxy).awaitEnd();
    client(proxy).send(new byte[] {0x16, 3, 1}).awaitEnd();
  }

  @Test
  void refusesProtocolsThatItDoesNotSpeak() throws Exception {
    Proxy proxy = secured(tls -> tls);
    SSLSocket socket = connect(proxy, trusting());
    opened(socket);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"spdy/1"});
    socket.setSSLParameters(parameters);
    assertThrows(SSLHandshakeException.class, socket::startHandshake);
  }

  @Test
  void passesEventsAsTheyCome() throws Exception {
    Wire client = client(secured(tls -> tls), trusting());
    client.send(get("/events"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    assertEquals(200, client.readHead().status());
    for (int i = 0; i < 50; i++) {
      upstream.sendChunk("data: " + i + "\n\n");
      assertEquals("data: " + i + "\n\n", client.readChunk());
    }
    client.close();
    upstream.awaitEnd();
  }

  @Test
  void passesLargeBodiesBothWays() throws Exception {
    Wire client = client(secured(tls -> tls), trusting());
    int size = 20 << 20;
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              client.send(
                  "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + size + "\r\n\r\n");
              for (int i = 0; i < 320; i++) client.send(new byte[65536]);
            });
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.skip(size);
    sent.get(20, TimeUnit.SECONDS);
    CompletableFuture<Void> answered =
        CompletableFuture.runAsync(
            () -> {
              upstream.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
              for (int i = 0; i < 320; i++) upstream.send(new byte[65536]);
            });
    client.readHead();
    client.skip(size);
    answered.get(20, TimeUnit.SECONDS);
    served(client, get("/"), upstream);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatLeavesAbortsTheUpstream(boolean reset) throws Exception {
    Proxy proxy = secured(tls -> tls);
    // TLS over a socket of the test's own, which can be reset below TLS.
    Socket plain = opened(new Socket(InetAddress.getLoopbackAddress(), proxy.port()));
    SSLSocket socket =
        (SSLSocket) trusting().getSocketFactory().createSocket(plain, "localhost", 0, true);
    Wire client = opened(new Wire(socket));
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    if (reset) {
      plain.setSoLinger(true, 0);
      plain.close();
    } else {
      client.close();
    }
    upstream.awaitEnd();
  }

  @Test
  void bodyThatIsBrokenOffDoesNotEndCleanly() throws Exception {
    Proxy proxy = secured(tls -> tls);
    SSLSocket socket = connect(proxy, trusting());
    Wire client = opened(new Wire(socket));
    client.send("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    upstream.sendChunk("part");
    client.readHead();
    assertEquals("part", client.read(4));
    upstream.close();
    // HTTP/1.0 has nothing but the connection's end: TLS must not say that all is well.
    assertThrows(Exception.class, client::readAll);
  }

  @Test
  void stopsInsideHandshakesAndBetweenRequests() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Wire silent = client(proxy);
    Wire idle = client(proxy, trusting());
    served(idle);
    proxy.close();
    silent.awaitEnd();
    idle.awaitEnd();
  }

  @Test
  void needsABackendThatCan() {
    ListenerTls tls = ListenerTls.builder().certificate(chain, key).build();
    ProxyBuilder builder =
        Proxy.builder()
            .backend(new MemoryBackend())
            .route(Route.to("/**", "http://localhost:1"))
            .tls(tls);
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> builder.start());
    assertTrue(failure.getMessage().contains("LISTENER_TLS"), failure.getMessage());
    assertFalse(failure.getMessage().contains("UPSTREAM_TLS"), failure.getMessage());
  }
}
