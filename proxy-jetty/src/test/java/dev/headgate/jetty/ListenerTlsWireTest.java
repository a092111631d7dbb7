package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.Proxy;
import dev.headgate.core.tls.ListenerTls;
import dev.headgate.jetty.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of TLS with clients share: authorities, a proxy with a certificate, and clients. */
abstract class ListenerTlsWireTest extends WireTest {
  @TempDir static Path shared;
  static TestAuthority authority;
  static TestAuthority clients;
  static Issued byDefault;
  static Issued alice;

  /** From somebody who only says to be the authority of clients. */
  static Issued mallory;

  @TempDir Path directory;
  Path chain;
  Path key;

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

  final Proxy secured(UnaryOperator<ListenerTls.Builder> settings) {
    ListenerTls.Builder tls = ListenerTls.builder().certificate(chain, key);
    return proxy(b -> b.tls(settings.apply(tls).build()).allowAnyHost());
  }

  static SSLSocket connect(Proxy proxy, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(Wire.CEILING_MILLIS);
    return socket;
  }

  final Wire client(Proxy proxy, SSLContext context) throws IOException {
    SSLSocket socket = connect(proxy, context);
    socket.startHandshake();
    return opened(new Wire(socket));
  }

  static SSLContext trusting() throws Exception {
    return TestAuthority.context(authority.certificate(), null);
  }

  static SSLContext showing(Issued own) throws Exception {
    return TestAuthority.context(authority.certificate(), own);
  }

  /** Returns the certificate that a client gets who asks for a name. */
  static X509Certificate shown(Proxy proxy, String name) throws Exception {
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

  final Wire.Head served(Wire client, String request, Wire upstream) {
    client.send(request);
    Wire.Head head = upstream.readHead();
    upstream.send(ok("served"));
    assertEquals("served", client.readBody(client.readHead()));
    return head;
  }

  static void assertRefused(Wire client) {
    UncheckedIOException refused =
        assertThrows(
            UncheckedIOException.class,
            () -> {
              client.send(get("/"));
              client.readHead();
            });
    assertFalse(refused.getCause() instanceof SocketTimeoutException, refused::toString);
  }

  /** The first exchange, for which the proxy connects to the origin. */
  /** Is served on a new connection to the upstream. */
  final Wire.Head served(Wire client) {
    client.send(get("/"));
    Wire upstream = origin.accept();
    Wire.Head head = upstream.readHead();
    upstream.send(ok("served"));
    assertEquals("served", client.readBody(client.readHead()));
    return head;
  }
}
