package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.config.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams behind TLS: who they are is checked, and what goes wrong is told. */
class TlsTest extends WireTest {
  private static final String PASSWORD = "changeit";
  @TempDir static Path keys;
  private static Path store;
  private SSLContext context;
  private SSLServerSocket server;

  @BeforeAll
  static void makeKey() throws Exception {
    store = keys.resolve("localhost.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "localhost",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertTrue(Files.exists(store), () -> "keytool made no key");
  }

  @Override
  SslContextFactory.Client tls() {
    SslContextFactory.Client client = new SslContextFactory.Client();
    client.setTrustStorePath(store.toUri().toString());
    client.setTrustStorePassword(PASSWORD);
    return client;
  }

  @BeforeEach
  void listen() throws Exception {
    KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(loaded, PASSWORD.toCharArray());
    context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
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

  private Wire connectTo(String host) {
    return client(proxy(b -> b.route("/tls/**", "https://" + host + ":" + server.getLocalPort())));
  }

  private static void assertFails(Wire client, int status, String code) {
    client.send(get("/tls/x"));
    Wire.Head response = client.readHead();
    String body = client.readBody(response);
    assertEquals(status, response.status(), body);
    assertTrue(body.contains("\"code\":\"" + code + "\""), body);
  }

  @Test
  void exchangesOverOneConnection() throws IOException {
    Wire client = connectTo("localhost");
    client.send(get("/tls/1"));
    Wire upstream = new Wire(server.accept());
    for (int i = 1; i < 20; i++) {
      Wire.Head head = upstream.readHead();
      assertEquals("GET /tls/" + i + " HTTP/1.1", head.line());
      assertEquals("localhost:" + server.getLocalPort(), head.get("Host"));
      upstream.send(ok("x".repeat(i * 3000)));
      assertEquals(i * 3000, client.readBody(client.readHead()).length());
      client.send(get("/tls/" + (i + 1)));
    }
    upstream.close();
  }

  @Test
  void streamsBothWays() throws IOException {
    Wire client = connectTo("localhost");
    client.send("POST /tls/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    Wire upstream = new Wire(server.accept());
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.readHead();
    for (int i = 0; i < 50; i++) {
      client.sendChunk("to " + i);
      assertEquals("to " + i, upstream.readChunk());
      upstream.sendChunk("fro " + i);
      assertEquals("fro " + i, client.readChunk());
    }
    client.close();
    upstream.awaitEnd();
  }

  @Test
  void nameThatTheCertificateDoesNotHave() throws IOException {
    Wire client = connectTo("127.0.0.1");
    Thread acceptor = new Thread(this::acceptAndShakeHands);
    acceptor.start();
    assertFails(client, 502, "tls_certificate");
  }

  private void acceptAndShakeHands() {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      socket.getInputStream().read();
    } catch (IOException e) {
      // The proxy does not trust this.
    }
  }

  @Test
  void peerThatSpeaksNoTls() {
    Wire client = client(proxy(b -> b.route("/tls/**", "https://localhost:" + origin.port())));
    client.send(get("/tls/x"));
    Wire upstream = origin.accept();
    upstream.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    Wire.Head response = client.readHead();
    assertEquals(502, response.status());
    assertTrue(client.readBody(response).contains("tls_failed"));
    upstream.awaitEnd();
  }

  @Test
  void peerThatClosesInsideTheHandshake() {
    Wire client = client(proxy(b -> b.route("/tls/**", "https://localhost:" + origin.port())));
    client.send(get("/tls/x"));
    origin.accept().close();
    Wire.Head response = client.readHead();
    assertEquals(502, response.status());
    assertTrue(client.readBody(response).contains("tls_failed"));
  }

  @Test
  void handshakeThatTakesTooLong() {
    Timeouts timeouts = Timeouts.builder().tls(Duration.ofMillis(200)).build();
    Wire client =
        client(
            proxy(
                b -> b.timeouts(timeouts).route("/tls/**", "https://localhost:" + origin.port())));
    client.send(get("/tls/x"));
    Wire upstream = origin.accept();
    Wire.Head response = client.readHead();
    assertEquals(504, response.status());
    assertTrue(client.readBody(response).contains("connect_timeout"));
    upstream.awaitEnd();
  }

  @Test
  void clientThatLeavesInsideTheHandshake() {
    // Else the handshake's own deadline would close the connection, if a little later.
    Timeouts timeouts = Timeouts.builder().tls(Duration.ofMinutes(5)).build();
    Wire client =
        client(
            proxy(
                b -> b.timeouts(timeouts).route("/tls/**", "https://localhost:" + origin.port())));
    client.send(get("/tls/x"));
    Wire upstream = origin.accept();
    client.close();
    upstream.awaitEnd();
  }

  @Test
  void bodyThatEndsWithoutTlsCloseIsNotComplete() throws IOException {
    Wire client = client(proxy(b -> b.route("/tls/**", "https://localhost:" + origin.port())));
    client.send(get("/tls/x"));
    Socket plain = origin.accept().socket();
    SSLSocket secured =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 0, false);
    secured.setUseClientMode(false);
    Wire upstream = new Wire(secured);
    upstream.readHead();
    upstream.send("HTTP/1.1 200 OK\r\n\r\nabc");
    client.readHead();
    assertEquals("abc", client.readChunk());
    // Somebody between could end the connection below TLS like this.
    plain.close();
    assertEquals("", client.readAll());
  }
}
