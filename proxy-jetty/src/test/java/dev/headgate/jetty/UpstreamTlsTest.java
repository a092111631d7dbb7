package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.route.Route;
import dev.headgate.core.tls.TlsVersion;
import dev.headgate.core.tls.UpstreamTls;
import dev.headgate.jetty.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** TLS with upstreams as a route sets it: whom it trusts, what it shows, and what it says. */
class UpstreamTlsTest extends WireTest {
  /** One letter more than a label may have. */
  private static final String LONG_LABEL =
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test";

  @TempDir static Path shared;
  private static TestAuthority authority;
  private static Path trusted;
  private SSLServerSocket server;

  @BeforeAll
  static void makeAuthority() throws Exception {
    authority = new TestAuthority("test authority");
    trusted = authority.write(shared.resolve("authority.pem"));
  }

  private void listen(SSLContext context) throws IOException {
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(Wire.CEILING_MILLIS);
  }

  private void listen(Issued own) throws Exception {
    listen(TestAuthority.context(null, own));
  }

  @BeforeEach
  void none() {
    server = null;
  }

  @AfterEach
  void close() throws IOException {
    if (server != null) server.close();
  }

  private Wire connectTo(String host, UnaryOperator<UpstreamTls.Builder> settings) {
    return client(routed(host, settings));
  }

  private Proxy routed(String host, UnaryOperator<UpstreamTls.Builder> settings) {
    return proxy(
        b ->
            b.route(
                Route.builder("/tls/**")
                    .id("tls")
                    .target("https://" + host + ":" + server.getLocalPort())
                    .upstreamTls(settings.apply(UpstreamTls.builder()).build())
                    .build()));
  }

  /** Takes a connection and shakes hands, however that ends. */
  private CompletableFuture<SSLSocket> accepted() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            SSLSocket socket = (SSLSocket) server.accept();
            try {
              socket.startHandshake();
            } catch (IOException e) {
              // refused by one of both
            }
            return socket;
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private SSLSocket served(Wire client) throws Exception {
    CompletableFuture<SSLSocket> accepted = accepted();
    client.send(get("/tls/x"));
    SSLSocket socket = accepted.get();
    Wire upstream = opened(new Wire(socket));
    upstream.readHead();
    upstream.send(ok("served"));
    assertEquals("served", client.readBody(client.readHead()));
    return socket;
  }

  private void assertFails(Wire client, String code, String type) throws Exception {
    CompletableFuture<SSLSocket> accepted = accepted();
    client.send(get("/tls/x"));
    Wire.Head response = client.readHead();
    String body = client.readBody(response);
    assertEquals(502, response.status(), body);
    assertTrue(body.contains("\"code\":\"" + code + "\""), body);
    String status = response.get("Proxy-Status");
    assertTrue(status.contains("error=" + type), status);
    accepted.get().close();
  }

  @Test
  void trustsAnAuthorityOfItsOwn() throws Exception {
    listen(authority.issue("localhost"));
    SSLSocket socket = served(connectTo("localhost", tls -> tls.authorities(trusted)));
    assertEquals("TLSv1.3", socket.getSession().getProtocol());
    assertEquals(
        List.of(new SNIHostName("localhost")),
        ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
  }

  @Test
  void trustsAddressesInCertificates() throws Exception {
    listen(authority.issue("127.0.0.1"));
    served(connectTo("127.0.0.1", tls -> tls.authorities(trusted)));
  }

  @Test
  void refusesOthersThanTheAuthority() throws Exception {
    listen(new TestAuthority("somebody else").issue("localhost"));
    assertFails(
        connectTo("localhost", tls -> tls.authorities(trusted)),
        "tls_certificate",
        "tls_certificate_error");
  }

  @Test
  void refusesTheAuthorityWhereARouteDoesNotNameIt() throws Exception {
    listen(authority.issue("localhost"));
    assertFails(connectTo("localhost", tls -> tls), "tls_certificate", "tls_certificate_error");
  }

  @Test
  void refusesWhatHasExpired() throws Exception {
    listen(authority.issueExpired("localhost"));
    assertFails(
        connectTo("localhost", tls -> tls.authorities(trusted)),
        "tls_certificate",
        "tls_certificate_error");
  }

  @Test
  void refusesAnotherHost() throws Exception {
    listen(authority.issue("other.test"));
    assertFails(
        connectTo("localhost", tls -> tls.authorities(trusted)),
        "tls_certificate",
        "tls_certificate_error");
  }

  /** Names of containers, say, that are none of DNS: only the JDK's check of names refuses them. */
  @ParameterizedTest
  @ValueSource(strings = {"my_service", "my_service.test", "-a.test", LONG_LABEL})
  void takesNamesThatAreNoneOfDns(String host) throws Exception {
    listen(authority.issue("other.test"));
    AddressPolicy any = AddressPolicy.builder().allowAll().build();
    InetAddress[] found = {InetAddress.getLoopbackAddress()};
    for (boolean checked : new boolean[] {false, true}) {
      UpstreamTls.Builder tls = UpstreamTls.builder().authorities(trusted);
      UpstreamTls settings = (checked ? tls : tls.withoutHostNameCheck()).build();
      Wire client =
          client(
              proxy(
                  b ->
                      b.route(
                          Route.builder("/tls/**")
                              .target("https://" + host + ":" + server.getLocalPort())
                              .addresses(any, name -> found)
                              .upstreamTls(settings)
                              .build())));
      if (checked) {
        assertFails(client, "tls_certificate", "tls_certificate_error");
        continue;
      }
      ExtendedSSLSession session = (ExtendedSSLSession) served(client).getSession();
      assertEquals(List.of(), session.getRequestedServerNames());
    }
  }

  @Test
  void takesAnotherHostWithoutTheCheck() throws Exception {
    listen(authority.issue("other.test"));
    served(connectTo("localhost", tls -> tls.authorities(trusted).withoutHostNameCheck()));
  }

  @Test
  void takesAnythingWhenInsecureAndWarns() throws Exception {
    listen(new TestAuthority("somebody else").issueExpired("other.test"));
    Logger logger = (Logger) LoggerFactory.getLogger("dev.headgate.ProxyStarter");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    logger.setLevel(ch.qos.logback.classic.Level.WARN);
    try {
      served(connectTo("localhost", UpstreamTls.Builder::insecure));
    } finally {
      logger.detachAppender(log);
      logger.setLevel(null);
    }
    assertEquals(1, log.list.size());
    String warning = log.list.get(0).getFormattedMessage();
    assertTrue(warning.startsWith("route 'tls' is INSECURE"), warning);
  }

  @Test
  void showsACertificate() throws Exception {
    Issued own = authority.issue("the proxy");
    Path chain = own.writeChain(shared.resolve("own.pem"));
    Path key = own.writeKey(shared.resolve("own.key"));
    listen(TestAuthority.context(authority.certificate(), authority.issue("localhost")));
    server.setNeedClientAuth(true);
    SSLSocket socket =
        served(
            connectTo("localhost", tls -> tls.authorities(trusted).clientCertificate(chain, key)));
    assertEquals(own.own(), socket.getSession().getPeerCertificates()[0]);
  }

  @Test
  void tellsThatTheUpstreamWantsACertificate() throws Exception {
    listen(TestAuthority.context(authority.certificate(), authority.issue("localhost")));
    server.setNeedClientAuth(true);
    assertFails(
        connectTo("localhost", tls -> tls.authorities(trusted)), "tls_alert", "tls_alert_received");
  }

  @Test
  void keepsToItsLeastVersion() throws Exception {
    listen(authority.issue("localhost"));
    server.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertFails(
        connectTo("localhost", tls -> tls.authorities(trusted).minimumVersion(TlsVersion.TLS_1_3)),
        "tls_alert",
        "tls_alert_received");
  }

  @Test
  void resumesSessions() throws Exception {
    listen(authority.issue("localhost"));
    Wire client = connectTo("localhost", tls -> tls.authorities(trusted));
    SSLSocket first = served(client);
    long created = first.getSession().getCreationTime();
    first.close();
    SSLSocket second = served(client);
    assertEquals(created, second.getSession().getCreationTime());
  }

  @Test
  void routesWithOtherTermsShareNoConnections() throws Exception {
    listen(authority.issue("localhost"));
    String target = "https://localhost:" + server.getLocalPort();
    UpstreamTls trusting = UpstreamTls.builder().authorities(trusted).build();
    Proxy proxy =
        proxy(
            b ->
                b.route(Route.builder("/tls/**").target(target).upstreamTls(trusting).build())
                    .route("/usual/**", target));
    Wire client = client(proxy);
    served(client);
    // The connection that is there was made by trusting others.
    CompletableFuture<SSLSocket> accepted = accepted();
    client.send(get("/usual/x"));
    assertEquals(502, client.readHead().status());
    accepted.get().close();
  }

  @Test
  void tellsMistakesAtTheStart() {
    Path missing = shared.resolve("missing.pem");
    UpstreamTls tls = UpstreamTls.builder().authorities(missing).insecure().build();
    ConfigurationException failure =
        assertThrows(
            ConfigurationException.class,
            () ->
                proxy(
                    b ->
                        b.route(
                            Route.builder("/x")
                                .target("http://localhost")
                                .upstreamTls(tls)
                                .build())));
    String all = String.join("\n", failure.mistakes());
    assertTrue(all.contains("'" + missing + "' must be a PEM file"), all);
    assertTrue(all.contains("must not be insecure and have authorities"), all);
    assertTrue(all.contains("needs an https target"), all);
  }
}
