package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.HostPort;
import dev.headgate.api.Outcome;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT (rule 19): who opens a tunnel, where to, and what the client is told. */
class ConnectTest extends TunnelContract {
  @Override
  int status() {
    return 200;
  }

  /** May reach the origin, and nothing else of this machine by CONNECT. */
  private ForwardOptions.Builder forward() {
    return ForwardOptions.builder()
        .addresses(AddressPolicy.builder().allow("127.0.0.0/8").build())
        .connectPorts(origin.port());
  }

  @Override
  Proxy tunnelProxy(UnaryOperator<ProxyBuilder> settings) {
    return proxyWithout(settings.andThen(builder -> builder.forward(forward().build()))::apply);
  }

  private Proxy proxyWithout(UnaryOperator<ProxyBuilder> settings) {
    ProxyBuilder builder = Proxy.builder().engine(engine).grace(Duration.ofMillis(100));
    return opened(settings.apply(builder).start());
  }

  private String connect() {
    return connect("127.0.0.1:" + origin.port());
  }

  private static String connect(String authority) {
    return lines("CONNECT " + authority + " HTTP/1.1", "Host: " + authority);
  }

  @Override
  Ends open(Proxy proxy, Wire client, String early) {
    client.send(connect() + early);
    Wire upstream = origin.accept();
    assertEquals(200, client.readHead().status());
    return new Ends(client, upstream);
  }

  @Test
  void answerHasNoFraming() {
    Wire client = client(tunnelProxy());
    client.send(connect());
    origin.accept();
    Wire.Head response = client.readHead();
    assertEquals("HTTP/1.1 200 OK", response.line());
    assertEquals(List.of(), response.fields());
    assertEquals(List.of("connect 127.0.0.1:" + origin.port()), plugin.hooks);
  }

  @Test
  void upstreamMaySpeakFirst() {
    Wire client = client(tunnelProxy());
    client.send(connect());
    Wire upstream = origin.accept();
    upstream.send("SSH-2.0-x\r\n");
    client.readHead();
    assertEquals("SSH-2.0-x", client.readLine());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "/x", "http://a/"})
  void targetWithoutAPortIs400(String target) {
    Wire client = client(tunnelProxy());
    client.send(lines("CONNECT " + target + " HTTP/1.1", "Host: localhost"));
    assertEquals(400, client.readHead().status());
  }

  @Test
  void bodyOfAConnectIs400() {
    Wire client = client(tunnelProxy());
    String authority = "127.0.0.1:" + origin.port();
    client.send(
        lines("CONNECT " + authority + " HTTP/1.1", "Host: " + authority, "Content-Length: 3")
            + "abc");
    assertEquals(400, client.readHead().status());
  }

  @Test
  void portThatIsNotListedIs403AndTheConnectionLives() {
    Wire client = client(tunnelProxy());
    client.send(connect("127.0.0.1:25"));
    Wire.Head refused = client.readHead();
    assertEquals(403, refused.status());
    assertTrue(client.readBody(refused).contains("connect_denied"));
    client.send(connect());
    origin.accept();
    assertEquals(200, client.readHead().status());
  }

  @Test
  void port443IsListedByDefault() {
    Proxy proxy = proxyWithout(builder -> builder.forward(ForwardOptions.defaults()));
    Wire client = client(proxy);
    client.send(connect("192.0.2.1:8443"));
    assertEquals(403, client.readHead().status());
  }

  @Test
  void hostThatIsDeniedIs403() {
    ForwardOptions options = forward().denyHosts("*.bad.test", "127.0.0.1").build();
    Wire client = client(proxyWithout(builder -> builder.forward(options)));
    client.send(connect());
    Wire.Head refused = client.readHead();
    assertEquals(403, refused.status());
    assertTrue(client.readBody(refused).contains("connect_denied"));
  }

  /** Nobody gets past a rule by writing an address in another way. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.01",
        "127.0.0.1.",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[::2]",
        "[0:0:0:0:0:0:0:2]",
        "[::0002]"
      })
  void addressThatIsDeniedIs403HoweverItIsWritten(String host) {
    ForwardOptions options =
        forward()
            .addresses(AddressPolicy.builder().allowAll().build())
            .denyHosts("127.0.0.1", "[0::2]")
            .build();
    Wire client = client(proxyWithout(builder -> builder.forward(options)));
    client.send(connect(host + ":" + origin.port()));
    Wire.Head refused = client.readHead();
    assertEquals(403, refused.status());
    assertTrue(client.readBody(refused).contains("connect_denied"));
  }

  @Test
  void refusedConnectionIs502() throws Exception {
    // Bound, so that nobody else gets the port, but not listening.
    Socket held = opened(new Socket());
    held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    int port = held.getLocalPort();
    ForwardOptions options = forward().connectPorts(port).build();
    Proxy proxy = proxyWithout(builder -> builder.plugin(plugin).forward(options));
    Wire client = client(proxy);
    client.send(connect("127.0.0.1:" + port));
    Wire.Head refused = client.readHead();
    assertEquals(502, refused.status());
    assertTrue(refused.get("Proxy-Status").contains("error=connection_refused"));
    assertTrue(client.readBody(refused).contains("connect_failed"));
    assertEquals("connect_failed", plugin.awaitEnd().code());
  }

  @Test
  void unknownNameIs502() {
    ForwardOptions options =
        forward()
            .lookup(
                name -> {
                  throw new UnknownHostException(name);
                })
            .build();
    Wire client = client(proxyWithout(builder -> builder.forward(options)));
    client.send(connect("nowhere.test:" + origin.port()));
    Wire.Head refused = client.readHead();
    assertEquals(502, refused.status());
    assertTrue(refused.get("Proxy-Status").contains("error=dns_error"));
  }

  @Test
  void clientThatLeavesWhileItsNameIsLookedUpIsForgotten() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> answered = new CompletableFuture<>();
    ForwardOptions options =
        forward()
            .lookup(
                name -> {
                  asked.complete(null);
                  answered.join();
                  return new InetAddress[] {InetAddress.getLoopbackAddress()};
                })
            .build();
    Proxy proxy = proxyWithout(builder -> builder.plugin(plugin).forward(options));
    Wire client = client(proxy);
    client.send(connect("slow.test:" + origin.port()));
    asked.get();
    client.close();
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
    answered.complete(null);
  }

  @Test
  void withoutForwardingItStays501() {
    Wire client = client(proxy());
    client.send(connect());
    assertEquals(501, client.readHead().status());
  }

  // --- what plugins decide

  @Test
  void pluginMayLeadTheTunnelElsewhere() {
    plugin.onConnect = ctx -> ConnectDecision.tunnel(new HostPort("127.0.0.1", origin.port()));
    Wire client = client(tunnelProxy());
    client.send(connect("other.test:25"));
    Wire upstream = origin.accept();
    assertEquals(200, client.readHead().status());
    client.send("x");
    assertEquals("x", upstream.read(1));
  }

  @Test
  void pluginCannotLeadTheTunnelPastTheAddressPolicy() {
    plugin.onConnect = ctx -> ConnectDecision.tunnel(new HostPort("10.0.0.1", 443));
    Wire client = client(tunnelProxy());
    client.send(connect());
    Wire.Head refused = client.readHead();
    assertEquals(403, refused.status());
    assertTrue(refused.get("Proxy-Status").contains("error=destination_ip_prohibited"));
  }

  @Test
  void pluginCannotNameWhatIsNoHost() {
    for (String host : new String[] {"a b", "a\r\nX: y", "a".repeat(300), "a@b"}) {
      TunnelPlugin odd = new TunnelPlugin();
      odd.onConnect = ctx -> ConnectDecision.tunnel(new HostPort(host, 443));
      Wire client = client(tunnelProxy(builder -> builder.plugin(odd)));
      client.send(connect());
      assertEquals(403, client.readHead().status());
    }
  }

  @Test
  void pluginMayRefuse() {
    plugin.onConnect =
        ctx ->
            ConnectDecision.refuse(
                new ClientFault(ErrorCode.of("not_today", 429), Phase.REQUEST_HOOKS, "No."));
    Wire client = client(tunnelProxy());
    client.send(connect());
    assertEquals(429, client.readHead().status());
    assertEquals("not_today", plugin.awaitEnd().code());
  }

  @Test
  void pluginThatAsksForInspectionGets501() {
    plugin.onConnect = ctx -> ConnectDecision.inspect(ctx.destination());
    Wire client = client(tunnelProxy());
    client.send(connect());
    assertEquals(501, client.readHead().status());
  }

  @Test
  void decisionMayComeLater() {
    CompletableFuture<ConnectDecision> later = new CompletableFuture<>();
    plugin.onConnect = ctx -> ConnectDecision.later(later);
    Wire client = client(tunnelProxy());
    client.send(connect());
    later.complete(ConnectDecision.proceed());
    origin.accept();
    assertEquals(200, client.readHead().status());
  }

  @Test
  void failingPluginIsPassedOverOrRefusesAsItsPolicySays() {
    plugin.onConnect =
        ctx -> {
          throw new IllegalStateException("on purpose");
        };
    Wire client = client(tunnelProxy());
    client.send(connect());
    origin.accept();
    Wire.Head response = client.readHead();
    assertEquals(200, response.status());
    assertTrue(response.get("Proxy-Status").contains("tunnel-watch"));

    TunnelPlugin closed =
        new TunnelPlugin(metadata -> metadata.failurePolicy(FailurePolicy.FAIL_CLOSED));
    closed.onConnect = ctx -> null;
    Wire other = client(tunnelProxy(builder -> builder.plugin(closed)));
    other.send(connect());
    Wire.Head refused = other.readHead();
    assertEquals(500, refused.status());
    assertTrue(other.readBody(refused).contains("plugin_failed"));
  }

  @Test
  void lateDecisionIsAFault() {
    TunnelPlugin late =
        new TunnelPlugin(
            metadata ->
                metadata
                    .failurePolicy(FailurePolicy.FAIL_CLOSED)
                    .hookDeadline(Duration.ofMillis(50)));
    late.onConnect = ctx -> ConnectDecision.later(new CompletableFuture<>());
    Wire client = client(tunnelProxy(builder -> builder.plugin(late)));
    client.send(connect());
    assertEquals(500, client.readHead().status());
  }

  @Test
  void blockingPluginDecidesOnAThreadOfItsOwn() {
    TunnelPlugin blocking = new TunnelPlugin(metadata -> metadata.blocking());
    blocking.onConnect = ctx -> ConnectDecision.tunnel(ctx.destination());
    Wire client = client(tunnelProxy(builder -> builder.plugin(blocking)));
    client.send(connect());
    origin.accept();
    assertEquals(200, client.readHead().status());
  }
}
