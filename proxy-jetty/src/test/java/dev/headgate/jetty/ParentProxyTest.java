package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.HostPort;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.spi.ParentProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Through which proxies behind this one hosts are reached. */
class ParentProxyTest extends ForwardWireTest {
  @Test
  void httpGoesThroughAProxyInAbsoluteForm() {
    ParentProxy parent =
        new ParentProxy(
            ParentProxy.Kind.HTTP,
            new HostPort("127.0.0.1", origin.port()),
            new ParentProxy.Login("me", "pw"));
    Wire client = client(forward(ForwardOptions.builder().through(parent, "*.far.test")));
    client.send(lines("GET http://x.far.test/p?q HTTP/1.1", "Host: y"));
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("GET http://x.far.test/p?q HTTP/1.1", request.line());
    assertEquals("x.far.test", request.get("Host"));
    assertEquals("Basic " + base64("me:pw"), request.get("Proxy-Authorization"));
    upstream.send(ok("far"));
    assertEquals("far", client.readBody(client.readHead()));
  }

  @Test
  void addressesOfARangeAreReachedDirectly() {
    try (ScriptedOrigin parent = new ScriptedOrigin()) {
      Wire client =
          client(
              forward(
                  local()
                      .throughHttp(new HostPort("127.0.0.1", parent.port()))
                      .direct("127.0.0.0/8", "fd00::/8")));
      client.send(lines("GET http://127.0.0.1:" + origin.port() + "/near HTTP/1.1", "Host: y"));
      Wire upstream = origin.accept();
      assertEquals("GET /near HTTP/1.1", upstream.readHead().line());
      upstream.send(ok("n"));
      assertEquals("n", client.readBody(client.readHead()));
      // A name is not looked up for that: it goes to the parent, which does.
      client.send(lines("GET http://a.test/far HTTP/1.1", "Host: y"));
      upstream = parent.accept();
      assertEquals("GET http://a.test/far HTTP/1.1", upstream.readHead().line());
      upstream.send(ok("f"));
      assertEquals("f", client.readBody(client.readHead()));
    }
  }

  @Test
  void tunnelGoesThroughAProxyByConnect() {
    HostPort parent = new HostPort("127.0.0.1", origin.port());
    Wire client = client(forward(ForwardOptions.builder().throughHttp(parent)));
    client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x.far.test:443"));
    Wire upstream = origin.accept();
    Wire.Head request = upstream.readHead();
    assertEquals("CONNECT x.far.test:443 HTTP/1.1", request.line());
    assertEquals("x.far.test:443", request.get("Host"));
    upstream.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\nearly");
    assertEquals(200, client.readHead().status());
    assertEquals("early", client.read(5));
    client.send("to");
    assertEquals("to", upstream.read(2));
    client.close();
    assertEquals("", upstream.readAll());
  }

  @Test
  void proxyThatRefusesGives502() {
    HostPort parent = new HostPort("127.0.0.1", origin.port());
    Proxy proxy = forward(ForwardOptions.builder().throughHttp(parent));
    for (String answer :
        new String[] {lines("HTTP/1.1 407 No", "Content-Length: 0"), "garbage\r\n\r\n", ""}) {
      Wire client = client(proxy);
      client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x"));
      Wire upstream = origin.accept();
      upstream.readHead();
      upstream.send(answer);
      upstream.halfClose();
      assertEquals(502, client.readHead().status());
      upstream.awaitEnd();
    }
  }

  @Test
  void socksProxyIsAskedByNameAndWithALogin() {
    ParentProxy parent =
        new ParentProxy(
            ParentProxy.Kind.SOCKS5,
            new HostPort("127.0.0.1", origin.port()),
            new ParentProxy.Login("me", "pw"));
    Proxy proxy = forward(ForwardOptions.builder().through(parent).direct("near.test"));
    Wire client = client(proxy);
    client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x"));
    Wire upstream = origin.accept();
    assertEquals("\5\1\2", upstream.read(3));
    upstream.send("\5\2");
    assertEquals("\1\2me\2pw", upstream.read(7));
    upstream.send("\1\0");
    assertEquals("\5\1\0\3\12x.far.test\1\u00bb", upstream.read(17));
    upstream.send("\5\0\0\1\177\0\0\1\0\1early");
    assertEquals(200, client.readHead().status());
    assertEquals("early", client.read(5));
    client.send("to");
    assertEquals("to", upstream.read(2));

    // http goes the same way, and the connection is used again.
    Wire plain = client(proxy);
    plain.send(lines("GET http://x.far.test/1 HTTP/1.1", "Host: y"));
    Wire second = origin.accept();
    second.read(3);
    second.send("\5\2");
    second.read(7);
    second.send("\1\0");
    assertEquals("\5\1\0\3\12x.far.test\0P", second.read(17));
    second.send("\5\0\0\3\1a\0\1");
    for (int i = 1; i < 3; i++) {
      assertEquals("GET /" + i + " HTTP/1.1", second.readHead().line());
      second.send(ok("r" + i));
      assertEquals("r" + i, plain.readBody(plain.readHead()));
      plain.send(lines("GET http://x.far.test/2 HTTP/1.1", "Host: y"));
    }
  }

  @Test
  void socksProxyThatRefusesGives502() {
    HostPort parent = new HostPort("127.0.0.1", origin.port());
    Proxy proxy = forward(ForwardOptions.builder().throughSocks5(parent));
    for (String answer : new String[] {"\5\377", "\4\0", "\5\0\5\5\0\1\0\0\0\0\0\0", ""}) {
      Wire client = client(proxy);
      client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x"));
      Wire upstream = origin.accept();
      assertEquals("\5\1\0", upstream.read(3));
      upstream.send(answer);
      upstream.halfClose();
      assertEquals(502, client.readHead().status());
      upstream.awaitEnd();
    }
  }

  @Test
  void silentProxyGives504() {
    HostPort parent = new HostPort("127.0.0.1", origin.port());
    Proxy proxy =
        forward(
            ForwardOptions.builder().throughHttp(parent),
            builder -> builder.timeouts(Timeouts.builder().connect(Duration.ofSeconds(1)).build()));
    Wire client = client(proxy);
    client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x"));
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals(504, client.readHead().status());
    upstream.awaitEnd();
  }

  @Test
  void clientThatLeavesWhileTheProxyIsAskedClosesThatConnection() {
    HostPort parent = new HostPort("127.0.0.1", origin.port());
    Wire client = client(forward(ForwardOptions.builder().throughHttp(parent)));
    client.send(lines("CONNECT x.far.test:443 HTTP/1.1", "Host: x"));
    Wire upstream = origin.accept();
    upstream.readHead();
    client.close();
    upstream.awaitEnd();
  }
}
