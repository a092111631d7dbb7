package dev.headgate.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.tls.UpstreamTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake of TLS inside a tunnel: refused, early, for unusual names. */
class InspectedHandshakeTest extends InspectedWire {
  /** The first has a label of 64 letters. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test",
        "a_b.test",
        "-a.test",
        "127.1",
        "0x7f.0.0.1",
        "256.0.0.1",
        "A.TEST."
      })
  void hostsOfUnusualNamesAreServed(String host) throws Exception {
    proxy(
        inspect ->
            inspect
                .hosts("*")
                .upstreamTls(
                    UpstreamTls.builder().authorities(webPem).withoutHostNameCheck().build()));
    try (Socket tunnel = connect()) {
      tunnel.getOutputStream().write(connectLine(host).getBytes(StandardCharsets.US_ASCII));
      String head = readHead(tunnel.getInputStream());
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      SSLSocket socket =
          (SSLSocket) trusting(own).getSocketFactory().createSocket(tunnel, "x", port(), true);
      socket.setSoTimeout(CEILING_MILLIS);
      socket.startHandshake();
      assertEquals(issuerOf(own), issuer(socket));
      socket.close();
    }
  }

  @Test
  void passesThroughAfterARefusalWhereToldTo() throws Exception {
    proxy(inspect -> inspect.hosts("*").passThroughAfterRefusal(Duration.ofMinutes(5)));
    assertThrows(SSLException.class, () -> open("a.test", web));
    // The refusal is on its way to the proxy by now; the next tunnel may still be early.
    Principal seen = null;
    for (int i = 0; i < 100 && !issuerOf(web).equals(seen); i++) {
      try (SSLSocket socket = open("a.test", web)) {
        seen = issuer(socket);
      } catch (SSLException e) {
        Thread.onSpinWait();
      }
    }
    assertEquals(issuerOf(web), seen);
    try (SSLSocket other = open("b.test", own)) {
      assertEquals(issuerOf(own), issuer(other));
    }
  }

  @Test
  void doesNotPassThroughByItself() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    assertThrows(SSLException.class, () -> open("a.test", web));
    assertThrows(SSLException.class, () -> open("a.test", web));
    try (SSLSocket socket = open("a.test", own)) {
      assertEquals(issuerOf(own), issuer(socket));
    }
  }

  /** A client that does not wait for the answer to its CONNECT. */
  private static final class EagerSocket extends Socket {
    private InputStream behindHead;

    EagerSocket(int port) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (behindHead == null) {
        InputStream in = super.getInputStream();
        behindHead =
            new InputStream() {
              private boolean skipped;

              private void skip() throws IOException {
                if (skipped) return;
                skipped = true;
                assertTrue(readHead(in).startsWith("HTTP/1.1 200 "));
              }

              @Override
              public int read() throws IOException {
                skip();
                return in.read();
              }

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                skip();
                return in.read(bytes, offset, length);
              }
            };
      }
      return behindHead;
    }
  }

  @Test
  void handshakeMayBeginBeforeTheAnswer() throws Exception {
    proxy(inspect -> inspect.hosts("*"));
    for (int i = 0; i < 20; i++) {
      EagerSocket tunnel = new EagerSocket(proxy.port());
      tunnel.getOutputStream().write(connectLine("a.test").getBytes(StandardCharsets.US_ASCII));
      try (SSLSocket socket = tls(tunnel, "a.test", own)) {
        socket.startHandshake();
        assertEquals(issuerOf(own), issuer(socket));
      }
    }
  }
}
