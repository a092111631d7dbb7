package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.HostPort;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.NameLookup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to reach through the proxy what only the proxy can reach (rule 33). */
class AddressGuardTest extends WireTest {
  private Proxy forward(ForwardOptions.Builder options) {
    return opened(
        Proxy.builder()
            .engine(engine)
            .grace(Duration.ofMillis(100))
            .forward(options.connectPorts(443, origin.port()).build())
            .start());
  }

  static NameLookup always(String... addresses) {
    return name -> {
      InetAddress[] found = new InetAddress[addresses.length];
      for (int i = 0; i < found.length; i++) found[i] = InetAddress.getByName(addresses[i]);
      return found;
    };
  }

  private void assertRefused(Proxy proxy, String host) {
    String authority = host + ":" + origin.port();
    for (String request :
        new String[] {
          "GET http://" + authority + "/secret HTTP/1.1\r\nHost: x\r\n\r\n",
          "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n"
        }) {
      Wire client = client(proxy);
      client.send(request);
      Wire.Head refused = client.readHead();
      assertEquals(403, refused.status(), host);
      String status = refused.get("Proxy-Status");
      assertTrue(status.contains("error=destination_ip_prohibited"), status);
      String body = client.readBody(refused);
      assertTrue(body.contains("address_denied"), body);
      assertFalse(body.contains(authority), body);
    }
    assertEquals(0, origin.open(), "connections to the origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]"
      })
  void addressThatIsWrittenAsSuchIsRefused(String host) {
    assertRefused(forward(ForwardOptions.builder()), host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fd12::1"})
  void nameThatLeadsToAPrivateAddressIsRefused(String address) {
    assertRefused(forward(ForwardOptions.builder().lookup(always(address))), "inside.test");
  }

  @Test
  void localhostIsRefused() {
    assertRefused(forward(ForwardOptions.builder()), "localhost");
  }

  @Test
  void ofSeveralAddressesOnlyThoseThatAreAllowedAreTried() {
    // The policy allows one loopback address: the others of the name are never tried.
    Proxy proxy =
        forward(
            ForwardOptions.builder()
                .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                .lookup(always("127.0.0.2", "10.0.0.1", "127.0.0.1")));
    Wire client = client(proxy);
    client.send("GET http://a.test:" + origin.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    assertEquals("127.0.0.1", upstream.socket().getLocalAddress().getHostAddress());
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
  }

  @Test
  void addressThatDoesNotAnswerDoesNotUseUpTheTimeOfAll() throws Exception {
    try (FullBacklog silent = new FullBacklog();
        ServerSocket other =
            new ServerSocket(silent.port(), 50, InetAddress.getByName("127.0.0.2"))) {
      Proxy proxy =
          opened(
              Proxy.builder()
                  .engine(engine)
                  .grace(Duration.ofMillis(100))
                  .timeouts(Timeouts.builder().connect(Duration.ofMinutes(5)).build())
                  .forward(
                      ForwardOptions.builder()
                          .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
                          .lookup(always("127.0.0.1", "127.0.0.2"))
                          .build())
                  .start());
      Wire client = client(proxy);
      client.send("GET http://a.test:" + silent.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      try (Wire upstream = new Wire(other.accept())) {
        upstream.readHead();
        upstream.send(ok("y"));
        assertEquals("y", client.readBody(client.readHead()));
      }
    }
  }

  /** What lookups may not do, by their contract, is no worse than a name that is unknown. */
  @ParameterizedTest
  @ValueSource(strings = {"nothing", "none", "throws", "error"})
  void lookupThatFailsIsToldAsSuchAndTriedAgain(String how) {
    AtomicInteger lookups = new AtomicInteger();
    Proxy proxy =
        forward(
            ForwardOptions.builder()
                .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                .dnsTtl(Duration.ofMinutes(1), Duration.ofNanos(1))
                .lookup(
                    name -> {
                      if (lookups.getAndIncrement() > 0) return always("127.0.0.1").lookup(name);
                      return switch (how) {
                        case "nothing" -> null;
                        case "none" -> new InetAddress[0];
                        case "throws" -> throw new IllegalArgumentException(name);
                        default -> throw new NoClassDefFoundError("on purpose");
                      };
                    }));
    Wire client = client(proxy);
    String request = "GET http://a.test:" + origin.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n";
    client.send(request);
    Wire.Head refused = client.readHead();
    assertEquals(502, refused.status());
    assertTrue(refused.get("Proxy-Status").contains("error=dns_error"), refused::toString);
    client.readBody(refused);
    client.send(request);
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
  }

  @Test
  void answerThatChangesBetweenCheckAndConnectionChangesNothing() {
    // First the name leads to what is allowed, then to the origin: only the first answer is used.
    AtomicInteger lookups = new AtomicInteger();
    Proxy proxy =
        forward(
            ForwardOptions.builder()
                .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                .lookup(
                    name -> {
                      boolean first = lookups.getAndIncrement() == 0;
                      return always(first ? "127.0.0.1" : "10.0.0.1").lookup(name);
                    }));
    Wire client = client(proxy);
    client.send("GET http://rebind.test:" + origin.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
    assertEquals(1, lookups.get(), "one lookup, which is checked and used");
  }

  @Test
  void answerThatTurnsPrivateLaterIsRefusedThen() {
    AtomicInteger lookups = new AtomicInteger();
    Proxy proxy =
        forward(
            ForwardOptions.builder()
                .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                .dnsTtl(Duration.ofNanos(1), Duration.ofNanos(1))
                .lookup(
                    name -> {
                      boolean first = lookups.getAndIncrement() == 0;
                      return always(first ? "127.0.0.1" : "10.0.0.1").lookup(name);
                    }));
    Wire client = client(proxy);
    String connect =
        "CONNECT rebind.test:" + origin.port() + " HTTP/1.1\r\nHost: rebind.test\r\n\r\n";
    client.send(connect);
    origin.accept();
    assertEquals(200, client.readHead().status());
    Wire second = client(proxy);
    second.send(connect);
    assertEquals(403, second.readHead().status());
  }

  @Test
  void proxyNeverConnectsToItself() {
    ForwardOptions.Builder options =
        ForwardOptions.builder()
            .addresses(AddressPolicy.builder().allowAll().build())
            .lookup(always("127.0.0.1"));
    Proxy proxy =
        opened(
            Proxy.builder()
                .engine(engine)
                .forward(options.connectPorts(1, 443).build())
                .grace(Duration.ofMillis(100))
                .start());
    for (String host : new String[] {"127.0.0.1", "self.test", "2130706433"}) {
      Wire client = client(proxy);
      client.send("GET http://" + host + ":" + proxy.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      Wire.Head refused = client.readHead();
      assertEquals(403, refused.status(), host);
      assertTrue(refused.get("Proxy-Status").contains("destination_ip_prohibited"));
    }
  }

  @Test
  void listenerOnAllAddressesIsItselfAtEachOfThem() {
    Proxy proxy =
        opened(
            Proxy.builder()
                .engine(engine)
                .listen("0.0.0.0", 0)
                .forward(
                    ForwardOptions.builder()
                        .addresses(AddressPolicy.builder().allowAll().build())
                        .build())
                .grace(Duration.ofMillis(100))
                .start());
    for (String host : new String[] {"127.0.0.1", "127.9.9.9", "0.0.0.0"}) {
      Wire client = client(proxy);
      client.send("GET http://" + host + ":" + proxy.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(403, client.readHead().status(), host);
    }
  }

  @Test
  void redirectInsideIsRefusedWhenTheClientFollowsIt() {
    Proxy proxy =
        forward(
            ForwardOptions.builder()
                .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                .lookup(always("127.0.0.1")));
    Wire client = client(proxy);
    client.send("GET http://a.test:" + origin.port() + "/ HTTP/1.1\r\nHost: x\r\n\r\n");
    Wire upstream = origin.accept();
    upstream.readHead();
    String inside = "http://169.254.169.254/latest/meta-data";
    upstream.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + inside + "\r\n\r\n");
    Wire.Head redirect = client.readHead();
    client.send("GET " + redirect.get("Location") + " HTTP/1.1\r\nHost: x\r\n\r\n");
    assertEquals(403, client.readHead().status());
  }

  @Test
  void addressIsCheckedAlsoWhereAProxyWouldBeAsked() {
    Proxy proxy =
        forward(ForwardOptions.builder().throughHttp(new HostPort("127.0.0.1", origin.port())));
    assertRefused(proxy, "10.0.0.1");
    assertRefused(proxy, "0x0a000001");
  }
}
