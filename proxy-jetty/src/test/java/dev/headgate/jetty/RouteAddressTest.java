package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteBuilder;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes whose addresses are held to a policy, where whoever runs the proxy wants it. */
class RouteAddressTest extends WireTest {
  private Proxy route(UnaryOperator<RouteBuilder> settings) {
    RouteBuilder route = Route.builder("/**").target("http://inside.test:" + origin.port());
    return opened(
        Proxy.builder()
            .engine(engine)
            .grace(Duration.ofMillis(100))
            .route(settings.apply(route).build())
            .start());
  }

  private void assertRefusedByRoute(Proxy proxy) {
    Wire client = client(proxy);
    client.send(get("/secret"));
    Wire.Head refused = client.readHead();
    assertEquals(403, refused.status());
    String status = refused.get("Proxy-Status");
    assertTrue(status.contains("error=destination_ip_prohibited"), status);
    String body = client.readBody(refused);
    assertTrue(body.contains("address_denied"), body);
    assertFalse(body.contains("inside.test"), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fd12::1"})
  void routeWhoseNameLeadsToAPrivateAddressIsRefused(String address) {
    assertRefusedByRoute(
        route(
            route ->
                route.addresses(AddressPolicy.publicOnly(), AddressGuardTest.always(address))));
    assertEquals(0, origin.open(), "connections to the origin");
  }

  @Test
  void routeToAPrivateAddressIsRefusedWhereItsPolicySaysSo() {
    assertRefusedByRoute(
        route(
            route ->
                route
                    .target("http://127.0.0.1:" + origin.port())
                    .addresses(AddressPolicy.publicOnly())));
    assertEquals(0, origin.open(), "connections to the origin");
  }

  @Test
  void answerThatChangesBetweenCheckAndConnectionOfARouteChangesNothing() {
    AtomicInteger lookups = new AtomicInteger();
    AddressPolicy policy = AddressPolicy.builder().allow("127.0.0.1").build();
    Proxy proxy =
        route(
            route ->
                route.addresses(
                    policy,
                    name -> {
                      boolean first = lookups.getAndIncrement() == 0;
                      return AddressGuardTest.always(first ? "127.0.0.1" : "10.0.0.1").lookup(name);
                    }));
    Wire client = client(proxy);
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(ok("y"));
    assertEquals("y", client.readBody(client.readHead()));
    assertEquals(1, lookups.get(), "one lookup, which is checked and used");
  }

  @Test
  void routeWithAPolicyNeverLeadsToTheProxyItself() throws Exception {
    AddressPolicy all = AddressPolicy.builder().allowAll().build();
    int port;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    Route toItself = Route.builder("/**").target("http://127.0.0.1:" + port).addresses(all).build();
    assertRefusedByRoute(
        opened(
            Proxy.builder()
                .engine(engine)
                .grace(Duration.ofMillis(100))
                .port(port)
                .route(toItself)
                .start()));
  }

  @Test
  void policiesThatCanNotHoldAreMistakes() {
    AddressPolicy policy = AddressPolicy.publicOnly();
    ProxyBuilder builder =
        Proxy.builder()
            .backend(new WithoutAddresses())
            .route(Route.builder("/a").target("http://a.test").addresses(policy).build())
            .route(
                Route.builder("/b")
                    .handler(ctx -> RequestDecision.proceed())
                    .addresses(policy)
                    .build());
    String message = assertThrows(ConfigurationException.class, builder::start).getMessage();
    assertTrue(message.contains("route '/a': an address policy needs a backend"), message);
    assertTrue(message.contains("a route with a handler connects to nothing"), message);
  }

  private static final class WithoutAddresses implements Backend {
    @Override
    public String name() {
      return "plain";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public Engine start(EngineOptions options) {
      throw new AssertionError("nothing starts with mistakes");
    }
  }
}
