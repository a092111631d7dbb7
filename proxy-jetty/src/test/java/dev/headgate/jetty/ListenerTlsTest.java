package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.TlsInfo;
import dev.headgate.core.route.Route;
import dev.headgate.core.tls.ClientCertificates;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.jetty.TestAuthority.Issued;
import dev.headgate.tck.memory.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with clients: which certificate they see, whom they show, and what becomes of the rest. */
class ListenerTlsTest extends WireTest {
  @TempDir static Path shared;
  private static TestAuthority authority;
  private static TestAuthority clients;
  private static Issued byDefault;
  private static Issued alice;

  /** From somebody who only says to be the authority of clients. */
  private static Issued mallory;

  @TempDir Path directory;
  private Path chain;
  private Path key;

  @BeforeAll
  static void makeAuthorities() throws Exception {
    authority = new TestAuthority("test authority");
    clients = new TestAuthority("authority of clients");
    clients.write(shared.resolve("clients.pem"));
    byDefault = authority.issue("localhost", "127.0.0.1");
    alice = clients.issue("alice");
    mallory = new TestAuthority("authority of clients").issue("mallory");
  }

  @BeforeEach
  void writeFiles() throws Exception {
    chain = byDefault.writeChain(directory.resolve("chain.pem"));
    key = byDefault.writeKey(directory.resolve("key.pem"));
  }

  private Proxy secured(UnaryOperator<ListenerTls.Builder> settings) {
    ListenerTls.Builder tls = ListenerTls.builder().certificate(chain, key);
    return proxy(b -> b.tls(settings.apply(tls).build()).allowAnyHost());
  }

  private static SSLSocket connect(Proxy proxy, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(Wire.CEILING_MILLIS);
    return socket;
  }

  private Wire client(Proxy proxy, SSLContext context) throws IOException {
    SSLSocket socket = connect(proxy, context);
    socket.startHandshake();
    return opened(new Wire(socket));
  }

  private static SSLContext trusting() throws Exception {
    return TestAuthority.context(authority.certificate(), null);
  }

  private static SSLContext showing(Issued own) throws Exception {
    return TestAuthority.context(authority.certificate(), own);
  }

  /** Returns the certificate that a client gets who asks for a name. */
  private static X509Certificate shown(Proxy proxy, String name) throws Exception {
    try (SSLSocket socket = connect(proxy, trusting())) {
      if (name != null) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private Wire.Head served(Wire client, String request, Wire upstream) {
    client.send(request);
    Wire.Head head = upstream.readHead();
    upstream.send(ok("served"));
    assertEquals("served", client.readBody(client.readHead()));
    return head;
  }

  private static void assertRefused(Wire client) {
    UncheckedIOException refused =
        assertThrows(
            UncheckedIOException.class,
            () -> {
              client.send(get("/"));
              client.readHead();
            });
    assertFalse(refused.getCause() instanceof SocketTimeoutException, refused::toString);
  }

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

  @Test
  void choosesTheCertificateByName() throws Exception {
    Issued exact = authority.issueRsa("www.example.test");
    Issued wild = authority.issue("*.example.test", "example.test");
    Path store = wild.writeStore(directory.resolve("wild.p12"));
    Path rsaChain = exact.writeChain(directory.resolve("rsa.pem"));
    Path rsaKey = exact.writeKey(directory.resolve("rsa.key"));
    Proxy proxy =
        secured(tls -> tls.certificate(rsaChain, rsaKey).keyStore(store, TestAuthority.PASSWORD));
    assertEquals(byDefault.own(), shown(proxy, null));
    assertEquals(byDefault.own(), shown(proxy, "localhost"));
    assertEquals(byDefault.own(), shown(proxy, "unknown.test"));
    assertEquals(exact.own(), shown(proxy, "www.example.test"));
    assertEquals(exact.own(), shown(proxy, "WWW.example.TEST"));
    assertEquals(wild.own(), shown(proxy, "api.example.test"));
    assertEquals(wild.own(), shown(proxy, "example.test"));
    // A wildcard stands for one label.
    assertEquals(byDefault.own(), shown(proxy, "a.b.example.test"));
  }

  @Test
  void readsKeysOfOlderForms() throws Exception {
    Issued rsa = authority.issueRsa("rsa.test");
    Issued ec = authority.issue("ec.test");
    Path rsaChain = rsa.writeChain(directory.resolve("rsa.pem"));
    Path rsaKey = rsa.writeOldKey(directory.resolve("rsa.key"));
    Path ecChain = ec.writeChain(directory.resolve("ec.pem"));
    Path ecKey = ec.writeOldKey(directory.resolve("ec.key"));
    assertTrue(Files.readString(rsaKey).contains("BEGIN RSA PRIVATE KEY"));
    assertTrue(Files.readString(ecKey).contains("BEGIN EC PRIVATE KEY"));
    Proxy proxy = secured(tls -> tls.certificate(rsaChain, rsaKey).certificate(ecChain, ecKey));
    assertEquals(rsa.own(), shown(proxy, "rsa.test"));
    assertEquals(ec.own(), shown(proxy, "ec.test"));
  }

  @Test
  void reloadsWhileConnectionsLive() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Wire before = client(proxy, trusting());
    before.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();

    Issued next = authority.issue("localhost", "127.0.0.1");
    next.writeChain(chain);
    next.writeKey(key);
    proxy.reloadTls();
    assertEquals(next.own(), shown(proxy, null));
    upstream.send(ok("still here"));
    assertEquals("still here", before.readBody(before.readHead()));
    served(before, get("/again"), upstream);

    Files.writeString(key, "no key");
    ConfigurationException failure = assertThrows(ConfigurationException.class, proxy::reloadTls);
    assertTrue(failure.getMessage().contains("stays as it was"), failure.getMessage());
    assertTrue(failure.mistakes().get(0).contains(key.toString()), failure.getMessage());
    assertEquals(next.own(), shown(proxy, null));
    served(before, get("/and-again"), upstream);
  }

  @Test
  void tellsMistakesAtTheStart() throws Exception {
    Issued other = authority.issue("other.test");
    Issued expired = authority.issueExpired("old.test");
    Path missing = directory.resolve("missing.pem");
    Path otherKey = other.writeKey(directory.resolve("other.key"));
    Path oldChain = expired.writeChain(directory.resolve("old.pem"));
    Path oldKey = expired.writeKey(directory.resolve("old.key"));
    Path store = other.writeStore(directory.resolve("other.p12"));
    Path text = Files.writeString(directory.resolve("text"), "nothing");
    ListenerTls tls =
        ListenerTls.builder()
            .certificate(missing, key)
            .certificate(chain, otherKey)
            .certificate(oldChain, oldKey)
            .certificate(chain, text)
            .keyStore(store, "wrong".toCharArray())
            .clientCertificates(ClientCertificates.REQUIRED)
            .handshakeTimeout(Duration.ZERO)
            .build();
    ProxyBuilder builder = Proxy.builder().engine(engine).route("/**", origin.uri()).tls(tls);
    ConfigurationException failure =
        assertThrows(ConfigurationException.class, () -> builder.start());
    String all = String.join("\n", failure.mistakes());
    assertEquals(7, failure.mistakes().size(), all);
    assertTrue(all.contains("'" + missing + "' must be a PEM file, but there is none"), all);
    assertTrue(all.contains(otherKey + "' must belong to the first certificate in '" + chain), all);
    assertTrue(all.contains(oldChain + "' must be valid, but expired"), all);
    assertTrue(all.contains("'" + text + "' must hold a PEM key"), all);
    assertTrue(all.contains("'" + store + "' must open with the password given"), all);
    assertTrue(all.contains("no authority is given"), all);
    assertTrue(all.contains("handshake timeout must be above zero"), all);
  }

  @Test
  void asksForNoCertificateByDefault() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Wire client = client(proxy, showing(alice));
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nClient-Cert: :AAAA:\r\n\r\n");
    Wire upstream = origin.accept();
    // Nothing is said about the field, so it is one like any other.
    assertEquals(":AAAA:", upstream.readHead().get("Client-Cert"));
    upstream.send(ok("served"));
    client.readBody(client.readHead());
  }

  @Test
  void passesOnTheCertificateThatIsRequired() throws Exception {
    Proxy proxy = asking(ClientCertificates.REQUIRED);
    Wire client = client(proxy, showing(alice));
    client.send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nclient_cert: :AAAA:\r\nClient-Cert: :BBBB:\r\n\r\n");
    Wire upstream = origin.accept();
    Wire.Head head = upstream.readHead();
    assertNull(head.get("client_cert"));
    String field = head.get("Client-Cert");
    assertTrue(field.startsWith(":") && field.endsWith(":"), field);
    byte[] der = Base64.getDecoder().decode(field.substring(1, field.length() - 1));
    assertEquals(
        alice.own(),
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
    upstream.send(ok("served"));
    client.readBody(client.readHead());
  }

  private Proxy asking(ClientCertificates mode) {
    return secured(
        tls ->
            tls.clientCertificates(mode, shared.resolve("clients.pem"))
                .clientCertificateField(ListenerTls.CLIENT_CERT));
  }

  @Test
  void refusesClientsWithoutTheCertificateThatIsRequired() throws Exception {
    Proxy proxy = asking(ClientCertificates.REQUIRED);
    assertRefused(opened(new Wire(connect(proxy, trusting()))));
    assertRefused(opened(new Wire(connect(proxy, showing(mallory)))));
    assertRefused(opened(new Wire(connect(proxy, showing(clients.issueExpired("old alice"))))));
    served(client(proxy, showing(alice)));
  }

  @Test
  void servesClientsWithAndWithoutTheCertificateThatIsWanted() throws Exception {
    Proxy proxy = asking(ClientCertificates.WANTED);
    Wire without = client(proxy, trusting());
    without.send("GET / HTTP/1.1\r\nHost: localhost\r\nClient-Cert: :AAAA:\r\n\r\n");
    Wire upstream = origin.accept();
    assertNull(upstream.readHead().get("Client-Cert"));
    upstream.send(ok("served"));
    without.readBody(without.readHead());
    assertNotNull(served(client(proxy, showing(alice)), get("/"), upstream).get("Client-Cert"));
    assertRefused(opened(new Wire(connect(proxy, showing(mallory)))));
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

  /** The first exchange, for which the proxy connects to the origin. */
  private void served(Wire client) {
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("served"));
    assertEquals("served", client.readBody(client.readHead()));
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
    served(plain, get("/again"), upstream);
    served(client(proxy, trusting()), get("/"), upstream);
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
  void resumesSessions() throws Exception {
    Proxy proxy = asking(ClientCertificates.WANTED);
    SSLContext context = showing(alice);
    Wire first = client(proxy, context);
    first.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("served"));
    first.readBody(first.readHead());
    long created = ((SSLSocket) first.socket()).getSession().getCreationTime();
    first.close();
    Wire second = client(proxy, context);
    assertNotNull(served(second, get("/"), upstream).get("Client-Cert"));
    assertEquals(created, ((SSLSocket) second.socket()).getSession().getCreationTime());
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

  @Test
  void oldFilesAreReplacedAtOnce() throws Exception {
    Proxy proxy = secured(tls -> tls);
    Issued next = authority.issueRsa("localhost");
    Files.move(
        next.writeChain(directory.resolve("next")), chain, StandardCopyOption.REPLACE_EXISTING);
    // The key still is the old one: the reload is refused as a whole.
    assertThrows(ConfigurationException.class, proxy::reloadTls);
    assertEquals(byDefault.own(), shown(proxy, "localhost"));
    next.writeKey(key);
    proxy.reloadTls();
    assertEquals(next.own(), shown(proxy, "localhost"));
  }
}
