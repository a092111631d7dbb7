package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.HostPort;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.NameLookup;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TunnelEnd;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a forward proxy goes, and by which way: F-20 to F-34. */
final class DestinationRules {
  private static final AddressPolicy ONE = AddressPolicy.builder().allow("127.0.0.1").build();

  private static NameLookup always(String... addresses) {
    return name -> {
      InetAddress[] found = new InetAddress[addresses.length];
      for (int i = 0; i < found.length; i++) found[i] = InetAddress.getByName(addresses[i]);
      return found;
    };
  }

  private static ClientExchange connect(TestClient client, String authority) {
    return client.send("CONNECT", authority, "Host", authority);
  }

  private static void assertDenied(ClientExchange asked, String host) {
    Problem refused = Problem.read(asked, ErrorCode.ADDRESS_DENIED);
    String status = String.valueOf(refused.head().header("Proxy-Status"));
    assertTrue(status.contains("error=destination_ip_prohibited"), () -> host + ": " + status);
    assertFalse(refused.text().contains(host), refused::text);
  }

  @Rule(id = "F-20", intent = "hosts are allowed and denied by name", needs = Capability.FORWARD)
  void hostsAreAllowedAndDenied(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    ForwardOptions.Builder options = Way.local().allowHosts("*.test").denyHosts("bad.test");
    TestClient client = lab.client(ForwardProxyRules.proxy(lab, options));
    for (String host : List.of("bad.test", "BAD.test.", "elsewhere.example")) {
      ClientExchange asked = client.get("http://" + host + ":" + origin.port() + "/");
      Problem.read(asked, ErrorCode.DESTINATION_DENIED);
    }
    assertEquals(0, origin.requests());
    assertEquals("reached", client.get(ForwardProxyRules.url(origin, "/")).readAllText());
    ForwardOptions.Builder addresses =
        Way.local()
            .addresses(AddressPolicy.builder().allowAll().build())
            .denyHosts("127.0.0.1", "::2", "172.16.0.0/12", "fd00::/8");
    TestClient other = lab.client(ForwardProxyRules.proxy(lab, addresses));
    for (String host :
        List.of(
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "[::ffff:127.0.0.1]",
            "[0:0::2]",
            "172.31.0.1",
            "0xac1f0001",
            "[::ffff:ac1f:1]",
            "[fd12::1]")) {
      ClientExchange asked = other.get("http://" + host + ":" + origin.port() + "/");
      Problem.read(asked, ErrorCode.DESTINATION_DENIED);
    }
    assertEquals(1, origin.requests());
  }

  @Rule(
      id = "F-21",
      intent = "CONNECT leads to the ports that are listed, by default 443",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void connectLeadsToListedPorts(Lab lab) {
    TestOrigin origin = lab.origin().tunnelled();
    Proxy usual = ForwardProxyRules.proxy(lab, ForwardOptions.builder());
    Problem.read(connect(lab.client(usual), "192.0.2.1:8443"), ErrorCode.CONNECT_DENIED);
    Proxy proxy = ForwardProxyRules.proxy(lab, Way.local().connectPorts(origin.port()));
    TestClient client = lab.client(proxy);
    Problem.read(connect(client, "127.0.0.1:25"), ErrorCode.CONNECT_DENIED);
    ClientExchange asked = connect(client, origin.authority());
    TunnelEnd upstream = origin.acceptTunnel();
    upstream.send("open");
    assertEquals("open", asked.tunnel().readText(4));
  }

  @Rule(
      id = "F-22",
      intent = "CONNECT is held to the rules for hosts and to the address policy",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void connectIsHeldToTheRules(Lab lab) {
    int port = 443;
    Proxy hosts =
        ForwardProxyRules.proxy(lab, Way.local().connectPorts(port).denyHosts("*.bad.test"));
    Problem.read(connect(lab.client(hosts), "a.bad.test:" + port), ErrorCode.CONNECT_DENIED);
    Proxy addresses =
        ForwardProxyRules.proxy(lab, ForwardOptions.builder().lookup(always("10.0.0.1")));
    for (String host : List.of("127.0.0.1", "0x7f000001", "[::ffff:10.0.0.1]", "inside.test")) {
      assertDenied(connect(lab.client(addresses), host + ":" + port), host);
    }
  }

  @Rule(
      id = "F-23",
      intent = "special addresses are denied in whatever form they are written",
      needs = Capability.FORWARD)
  void specialAddressesAreDenied(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    TestClient client = lab.client(ForwardProxyRules.proxy(lab, onlyPublic()));
    for (String host :
        List.of(
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[fe80::1]",
            "[fd00::1]")) {
      assertDenied(client.get("http://" + host + ":" + origin.port() + "/"), host);
    }
    assertEquals(0, origin.requests());
  }

  private static ForwardOptions.Builder onlyPublic() {
    return ForwardOptions.builder().connectPorts();
  }

  @Rule(
      id = "F-24",
      intent = "names that lead to special addresses are denied",
      needs = Capability.FORWARD)
  void namesOfSpecialAddressesAreDenied(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    for (String address : List.of("127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fd12::1")) {
      Proxy proxy = ForwardProxyRules.proxy(lab, onlyPublic().lookup(always(address)));
      assertDenied(
          lab.client(proxy).get("http://inside.test:" + origin.port() + "/"), "inside.test");
    }
    assertEquals(0, origin.requests());
  }

  @Rule(
      id = "F-25",
      intent = "what was checked is what is connected to",
      needs = Capability.FORWARD)
  void checkedAddressIsConnectedTo(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    AtomicInteger lookups = new AtomicInteger();
    ForwardOptions.Builder options =
        onlyPublic()
            .addresses(ONE)
            .lookup(
                name ->
                    lookups.getAndIncrement() == 0
                        ? always("10.0.0.1", "127.0.0.2", "127.0.0.1").lookup(name)
                        : always("10.0.0.1").lookup(name));
    TestClient client = lab.client(ForwardProxyRules.proxy(lab, options));
    assertEquals("reached", client.get(ForwardProxyRules.url(origin, "/")).readAllText());
    assertEquals(1, lookups.get(), "lookups");
  }

  @Rule(
      id = "F-26",
      intent = "an answer that turns bad is refused then",
      needs = Capability.FORWARD)
  void laterAnswersAreChecked(Lab lab) {
    TestOrigin origin = lab.origin();
    AtomicInteger lookups = new AtomicInteger();
    ForwardOptions.Builder options =
        onlyPublic()
            .addresses(ONE)
            .dnsTtl(Duration.ofMillis(1), Duration.ofMillis(1))
            .lookup(
                name ->
                    always(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1").lookup(name));
    Proxy proxy = ForwardProxyRules.proxy(lab, options);
    // The first connection is kept busy, so that the second request needs one of its own.
    ClientExchange first = lab.client(proxy).get(ForwardProxyRules.url(origin, "/"));
    OriginRequest busy = origin.accept();
    lab.time().advance(Duration.ofMillis(5));
    assertDenied(lab.client(proxy).get(ForwardProxyRules.url(origin, "/")), "a.test");
    busy.respond(200, "reached");
    assertEquals("reached", first.readAllText());
    assertEquals(1, origin.requests());
  }

  @Rule(
      id = "F-27",
      intent = "a name that nobody knows, and an address where nobody is, are 502",
      needs = Capability.FORWARD)
  void unknownNamesAre502(Lab lab) {
    TestOrigin origin = lab.origin();
    ForwardOptions.Builder options =
        Way.local()
            .lookup(
                name -> {
                  throw new UnknownHostException(name);
                });
    TestClient client = lab.client(ForwardProxyRules.proxy(lab, options));
    Problem unknown =
        Problem.read(client.get(ForwardProxyRules.url(origin, "/")), ErrorCode.DNS_ERROR);
    assertFalse(unknown.text().contains("a.test"), unknown.text());
  }

  // --- through other proxies

  @Rule(
      id = "F-30",
      intent = "requests reach a parent proxy in absolute-form, and by name",
      needs = Capability.FORWARD)
  void requestsGoThroughAParent(Lab lab) {
    TestOrigin parent = lab.origin();
    TestOrigin near = lab.origin().answering(200, "near");
    ParentProxy login =
        new ParentProxy(ParentProxy.Kind.HTTP, address(parent), new ParentProxy.Login("me", "pw"));
    TestClient client =
        lab.client(ForwardProxyRules.proxy(lab, Way.local().through(login).direct("a.test")));
    ClientExchange asked =
        client.get(
            "http://x.far.test/p?q", "Proxy-Authorization", ForwardProxyRules.basic("you:pw"));
    OriginRequest request = parent.accept();
    assertEquals("http://x.far.test/p?q", request.target());
    assertEquals("x.far.test", request.header("Host"));
    assertEquals(
        List.of(ForwardProxyRules.basic("me:pw")), request.headers().all("Proxy-Authorization"));
    request.respond(200, "far");
    assertEquals("far", asked.readAllText());

    assertEquals("near", client.get(ForwardProxyRules.url(near, "/")).readAllText());
    assertEquals(1, parent.requests());
  }

  @Rule(
      id = "F-34",
      intent = "nobody behind the proxy asks its clients for their credentials",
      needs = Capability.FORWARD)
  void challengesOfOthersStayBehind(Lab lab) {
    TestOrigin asking = lab.origin();
    Proxy direct = ForwardProxyRules.proxy(lab, Way.local());
    Proxy led = ForwardProxyRules.proxy(lab, Way.local().throughHttp(address(asking)));
    for (Proxy proxy : List.of(direct, led)) {
      ClientExchange asked = lab.client(proxy).get(ForwardProxyRules.url(asking, "/"));
      asking.accept().respond(407, "say", "Proxy-Authenticate", "Basic realm=\"theirs\"");
      Problem refused = Problem.read(asked, ErrorCode.UPSTREAM_PROTOCOL);
      assertEquals(502, refused.head().status());
      assertNull(refused.head().header("Proxy-Authenticate"));
    }
  }

  private static HostPort address(TestOrigin origin) {
    String authority = origin.authority();
    return new HostPort(authority.substring(0, authority.lastIndexOf(':')), origin.port());
  }

  @Rule(
      id = "F-31",
      intent = "addresses are checked also where a parent would be asked",
      needs = Capability.FORWARD)
  void addressesAreCheckedBeforeAParent(Lab lab) {
    TestOrigin parent = lab.origin().answering(200, "reached");
    Proxy proxy = ForwardProxyRules.proxy(lab, onlyPublic().throughHttp(address(parent)));
    for (String host : List.of("10.0.0.1", "0x0a000001", "[::ffff:10.0.0.1]")) {
      assertDenied(lab.client(proxy).get("http://" + host + "/"), host);
    }
    assertEquals(0, parent.requests());
  }

  @Rule(
      id = "F-32",
      intent = "tunnels go through a parent proxy by CONNECT",
      needs = {Capability.FORWARD, Capability.CONNECT, Capability.SOCKETS})
  void tunnelsGoThroughAParent(Lab lab) {
    TestOrigin parent = lab.origin().tunnelled();
    ForwardOptions options = ForwardOptions.builder().throughHttp(address(parent)).build();
    Proxy proxy = lab.proxy(builder -> builder.pseudonym("fwd").forward(options));
    String far = "x.far.test:443";
    ClientExchange asked = lab.client(proxy).send("CONNECT", far, "Host", far, "Via", "1.1 first");
    TunnelEnd end = parent.acceptTunnel();
    String head = head(end);
    assertTrue(head.startsWith("CONNECT " + far + " HTTP/1.1\r\n"), head);
    assertTrue(head.contains("\r\nHost: " + far + "\r\n"), head);
    // Else two proxies that are each other's parents would ask each other for ever.
    assertTrue(head.contains("\r\nVia: 1.1 first, 1.1 fwd\r\n"), head);
    ClientExchange looping = lab.client(proxy).send("CONNECT", far, "Host", far, "Via", "1.1 fwd");
    Problem.read(looping, ErrorCode.LOOP);
    end.send("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\nearly");
    TunnelEnd client = asked.tunnel();
    assertNull(asked.response().header("X"));
    assertEquals("early", client.readText(5));
    client.send("to");
    assertEquals("to", end.readText(2));

    for (String answer : List.of("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "junk\r\n\r\n")) {
      ClientExchange refused = connect(lab.client(proxy), far);
      TunnelEnd refusing = parent.acceptTunnel();
      head(refusing);
      refusing.send(answer);
      Problem.read(refused, ErrorCode.CONNECT_FAILED);
    }
  }

  private static String head(TunnelEnd end) {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(new String(end.read(1), StandardCharsets.ISO_8859_1));
    }
    return head.toString();
  }

  @Rule(
      id = "F-33",
      intent = "a SOCKS 5 proxy is asked by name, and with a login",
      needs = {Capability.FORWARD, Capability.CONNECT, Capability.SOCKETS})
  void tunnelsGoThroughSocks(Lab lab) {
    TestOrigin socks = lab.origin().tunnelled();
    ParentProxy parent =
        new ParentProxy(ParentProxy.Kind.SOCKS5, address(socks), new ParentProxy.Login("me", "pw"));
    Proxy proxy = ForwardProxyRules.proxy(lab, ForwardOptions.builder().through(parent));
    ClientExchange asked = connect(lab.client(proxy), "x.far.test:443");
    TunnelEnd end = socks.acceptTunnel();
    assertEquals("\5\1\2", bytes(end, 3));
    end.send(new byte[] {5, 2});
    assertEquals("\1\2me\2pw", bytes(end, 7));
    end.send(new byte[] {1, 0});
    assertEquals("\5\1\0\3\12x.far.test\1\u00bb", bytes(end, 17));
    end.send(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 1, 'e'});
    TunnelEnd client = asked.tunnel();
    assertEquals("e", client.readText(1));
    client.send("to");
    assertEquals("to", end.readText(2));

    ClientExchange refused = connect(lab.client(proxy), "x.far.test:443");
    TunnelEnd refusing = socks.acceptTunnel();
    bytes(refusing, 3);
    refusing.send(new byte[] {5, (byte) 0xff});
    Problem.read(refused, ErrorCode.CONNECT_FAILED);
  }

  private static String bytes(TunnelEnd end, int count) {
    return new String(end.read(count), StandardCharsets.ISO_8859_1);
  }
}
