package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.tls.ClientCertificates;
import dev.headgate.core.tls.ListenerTls;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Certificates that clients of TLS show: who is asked, who is refused, what upstreams are told. */
class ClientCertificatesTest extends ListenerTlsWireTest {
  private Proxy asking(ClientCertificates mode) {
    return secured(
        tls ->
            tls.clientCertificates(mode, shared.resolve("clients.pem"))
                .clientCertificateField(ListenerTls.CLIENT_CERT));
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
    upstream.send(okOnce("served"));
    without.readBody(without.readHead());
    assertNotNull(served(client(proxy, showing(alice))).get("Client-Cert"));
    assertRefused(opened(new Wire(connect(proxy, showing(mallory)))));
  }

  @Test
  void resumesSessions() throws Exception {
    Proxy proxy = asking(ClientCertificates.WANTED);
    SSLContext context = showing(alice);
    Wire first = client(proxy, context);
    first.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(okOnce("served"));
    first.readBody(first.readHead());
    long created = ((SSLSocket) first.socket()).getSession().getCreationTime();
    first.close();
    Wire second = client(proxy, context);
    assertNotNull(served(second).get("Client-Cert"));
    assertEquals(created, ((SSLSocket) second.socket()).getSession().getCreationTime());
  }
}
