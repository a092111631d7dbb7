package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Outcome;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Ending;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Payload;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/** Tunnels by CONNECT, and what all tunnels have in common: T-01 to T-15. */
final class TunnelRules {
  @Rule(id = "T-01", intent = "a CONNECT opens a tunnel", needs = Capability.CONNECT)
  void connectOpensATunnel(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    Proxy proxy = Way.CONNECT.proxy(lab, origin, builder -> {});
    ClientExchange asked = Way.CONNECT.ask(lab, proxy, origin);
    TunnelEnd upstream = origin.acceptTunnel();
    assertEquals(200, asked.status());
    assertNull(asked.response().header("Content-Length"));
    assertNull(asked.response().header("Transfer-Encoding"));
    assertPasses(asked.tunnel(), upstream);
  }

  private static void assertPasses(TunnelEnd client, TunnelEnd upstream) {
    for (int i = 0; i < 3; i++) {
      client.send("in" + i);
      assertEquals("in" + i, upstream.readText(3));
      upstream.send("out" + i);
      assertEquals("out" + i, client.readText(4));
    }
  }

  @Rule(
      id = "T-02",
      intent = "bytes pass both ways, as they come",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void bytesPass(Lab lab) {
    for (Way way : Way.values()) {
      Way.Opened tunnel = way.open(lab, builder -> {});
      assertPasses(tunnel.client(), tunnel.upstream());
      byte[] all = new byte[256];
      for (int i = 0; i < all.length; i++) all[i] = (byte) i;
      tunnel.client().send(all);
      assertArrayEquals(all, tunnel.upstream().read(all.length));
    }
  }

  @Rule(
      id = "T-03",
      intent = "what the client sends right behind its request is kept",
      needs = {Capability.CONNECT, Capability.UPGRADE, Capability.SOCKETS})
  void clientsEarlyBytesAreKept(Lab lab) {
    for (Way way : Way.values()) {
      TestOrigin origin = way.origin(lab);
      Proxy proxy = way.proxy(lab, origin, builder -> {});
      ClientExchange asked = lab.client(proxy).raw(way.head(origin) + "early");
      TunnelEnd upstream = way.accept(origin, "");
      assertEquals("early", upstream.readText(5));
      asked.tunnel().send("late");
      assertEquals("late", upstream.readText(4));
    }
  }

  @Rule(
      id = "T-04",
      intent = "what the upstream sends first is kept",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void upstreamsEarlyBytesAreKept(Lab lab) {
    for (Way way : Way.values()) {
      TestOrigin origin = way.origin(lab);
      Proxy proxy = way.proxy(lab, origin, builder -> {});
      ClientExchange asked = way.ask(lab, proxy, origin);
      TunnelEnd upstream = way.accept(origin, "early");
      TunnelEnd client = asked.tunnel();
      assertEquals("early", client.readText(5));
      upstream.send("late");
      assertEquals("late", client.readText(4));
    }
  }

  @Rule(
      id = "T-05",
      intent = "an end is passed on, and the other direction goes on",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void endsArePassedOn(Lab lab) {
    for (Way way : Way.values()) {
      Way.Opened first = way.open(lab, builder -> {});
      halfClose(first.client(), first.upstream());
      Way.Opened second = way.open(lab, builder -> {});
      halfClose(second.upstream(), second.client());
    }
  }

  private static void halfClose(TunnelEnd one, TunnelEnd other) {
    one.send("question");
    one.end();
    assertEquals("question", other.readAllText());
    other.send("long ");
    assertEquals("long ", one.readText(5));
    other.send("answer");
    other.end();
    assertEquals("answer", one.readAllText());
  }

  @Rule(
      id = "T-06",
      intent = "a reset on one side is one on the other",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void resetsArePassedOn(Lab lab) {
    for (Way way : Way.values()) {
      String id = way.watcher();
      TestOrigin origin = way.origin(lab);
      TestPlugin plugin = lab.plugin(id);
      Proxy proxy = way.proxy(lab, origin, builder -> builder.plugin(plugin));

      Way.Opened first = way.open(lab, proxy, origin);
      first.client().send("x");
      assertEquals("x", first.upstream().readText(1));
      first.client().reset();
      assertEquals(Ending.UNCLEAN, first.upstream().ending());
      assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd(id).end().outcome());

      Way.Opened second = way.open(lab, proxy, origin);
      second.upstream().send("x");
      assertEquals("x", second.client().readText(1));
      second.upstream().reset();
      assertEquals(Ending.UNCLEAN, second.client().ending());
      HookCall end = lab.recorder().awaitEnd(id, 2);
      assertEquals(ErrorCode.UPSTREAM_ABORTED, end.fault().code());
      assertEquals(Outcome.ABORTED, end.end().outcome());
    }
  }

  @Rule(
      id = "T-07",
      intent = "who does not read stalls who sends",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void slowReaderStallsTheSender(Lab lab) {
    Way.Opened in = Way.CONNECT.open(lab, builder -> {});
    assertStalls(lab, in.client(), in.upstream());
    Way.Opened out = Way.UPGRADE.open(lab, builder -> {});
    assertStalls(lab, out.upstream(), out.client());
  }

  private static void assertStalls(Lab lab, TunnelEnd from, TunnelEnd to) {
    long most = 2 * lab.stallBytes();
    long sent = from.sendUntilStalled(most);
    assertTrue(sent < most, "the sender was never stalled");
    Future<Boolean> rest =
        lab.async(
            () -> {
              from.end();
              return true;
            });
    long read = 0;
    while (true) {
      byte[] piece = to.readSome();
      if (piece.length == 0) break;
      Payload.check(read, piece);
      read += piece.length;
    }
    assertEquals(sent, read);
    Waits.on("the rest is sent", rest);
  }

  /** Long enough for a slow machine to open a tunnel in, as a reset takes what was not read. */
  private static Duration limit(Lab lab) {
    return lab.shortTimeout().multipliedBy(2);
  }

  @Rule(
      id = "T-08",
      intent = "an idle tunnel is broken off",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void idleTunnelsAreBrokenOff(Lab lab) {
    Timeouts idle = Timeouts.builder().tunnelIdle(limit(lab)).build();
    assertBrokenOff(lab, idle, ErrorCode.TUNNEL_IDLE_TIMEOUT);
  }

  @Rule(
      id = "T-09",
      intent = "a tunnel over its total limit is broken off",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void longTunnelsAreBrokenOff(Lab lab) {
    Timeouts total = Timeouts.builder().tunnelTotal(limit(lab)).build();
    assertBrokenOff(lab, total, ErrorCode.TOTAL_TIMEOUT);
  }

  private static void assertBrokenOff(Lab lab, Timeouts timeouts, ErrorCode code) {
    Map<Way, Way.Opened> tunnels = new EnumMap<>(Way.class);
    for (Way way : Way.values()) {
      TestPlugin plugin = lab.plugin(way.watcher());
      tunnels.put(way, way.open(lab, builder -> builder.plugin(plugin).timeouts(timeouts)));
    }
    lab.time().advance(limit(lab));
    tunnels.forEach(
        (way, tunnel) -> {
          assertEquals(Ending.UNCLEAN, tunnel.client().ending());
          assertEquals(Ending.UNCLEAN, tunnel.upstream().ending());
          HookCall end = lab.recorder().awaitEnd(way.watcher());
          assertEquals(code, end.fault().code());
          assertEquals(Outcome.ABORTED, end.end().outcome());
        });
  }

  @Rule(
      id = "T-10",
      intent = "the end is told once, with the bytes of both directions",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void endIsToldWithCounts(Lab lab) {
    for (Way way : Way.values()) {
      String id = way.watcher();
      TestPlugin plugin = lab.plugin(id);
      Way.Opened tunnel = way.open(lab, builder -> builder.plugin(plugin));
      halfClose(tunnel.client(), tunnel.upstream());
      ExchangeSummary end = lab.recorder().awaitEnd(id).end();
      assertEquals(
          List.of(Outcome.COMPLETED, way.status(), 8L, 11L),
          List.of(end.outcome(), end.status(), end.requestBytes(), end.responseBytes()));
      lab.stop(tunnel.proxy());
      assertEquals(1, lab.recorder().count(id, "onResponseComplete"));
      assertEquals(0, lab.recorder().count(id, "onError"));
    }
  }

  @Rule(
      id = "T-11",
      intent = "only hooks of heads hear of a tunnel, and onConnect of a CONNECT",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void bytesAreNotShownToHooks(Lab lab) {
    for (Way way : Way.values()) {
      String id = way.watcher();
      TestPlugin plugin = lab.plugin(id);
      Way.Opened tunnel = way.open(lab, builder -> builder.plugin(plugin));
      halfClose(tunnel.client(), tunnel.upstream());
      lab.recorder().awaitEnd(id);
      List<String> during =
          way == Way.CONNECT ? List.of("onConnect") : List.of("onRequest", "onResponseHeaders");
      List<String> hooks =
          lab.recorder().calls(id).stream()
              .filter(call -> !call.exchange().isEmpty() && call.summary() == null)
              .map(HookCall::hook)
              .toList();
      assertEquals(during, hooks);
    }
  }

  @Rule(
      id = "T-12",
      intent = "a stop lets tunnels go on for its grace",
      needs = {Capability.CONNECT, Capability.UPGRADE})
  void stopBreaksTunnelsOffAtTheEnd(Lab lab) {
    for (Way way : Way.values()) {
      Way.Opened ends = way.open(lab, builder -> {});
      Future<Void> stopping = lab.beginStop(ends.proxy(), Duration.ofSeconds(60));
      assertPasses(ends.client(), ends.upstream());
      halfClose(ends.client(), ends.upstream());
      Waits.on("the proxy has stopped", stopping);

      String id = way.watcher();
      TestPlugin plugin = lab.plugin(id);
      Way.Opened stays = way.open(lab, builder -> builder.plugin(plugin));
      Future<Void> ended = lab.beginStop(stays.proxy(), lab.shortTimeout());
      lab.pass();
      assertEquals(Ending.UNCLEAN, stays.client().ending());
      assertEquals(Ending.UNCLEAN, stays.upstream().ending());
      assertEquals(ErrorCode.STOPPING, lab.recorder().awaitEnd(id).fault().code());
      Waits.on("the proxy has stopped", ended);
    }
  }

  @Rule(
      id = "T-13",
      intent = "a CONNECT is in authority-form, with a port and without a body",
      needs = Capability.CONNECT)
  void badConnectIs400(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    Proxy proxy = Way.CONNECT.proxy(lab, origin, builder -> {});
    for (String target :
        List.of("127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "/x", "http://a/")) {
      ClientExchange asked = lab.client(proxy).send("CONNECT", target, "Host", "localhost");
      Problem.read(asked, ErrorCode.BAD_REQUEST);
    }
    ClientExchange withBody =
        lab.client(proxy)
            .send("CONNECT", origin.authority(), "Host", "localhost", "Content-Length", "1");
    withBody.send("x");
    withBody.end();
    Problem.read(withBody, ErrorCode.BAD_REQUEST);
  }

  @Rule(
      id = "T-14",
      intent = "a CONNECT that can't be fulfilled is answered, and the connection lives",
      needs = Capability.CONNECT)
  void failedConnectIs502(Lab lab) {
    String url = lab.refusingUrl();
    String refusing = url.substring("http://".length());
    int port = Integer.parseInt(refusing.substring(refusing.lastIndexOf(':') + 1));
    TestOrigin origin = Way.CONNECT.origin(lab);
    Proxy proxy =
        lab.proxy(
            builder -> builder.forward(Way.local().connectPorts(port, origin.port()).build()));
    TestClient client = lab.client(proxy);
    ClientExchange refused = client.send("CONNECT", refusing, "Host", refusing);
    Problem.read(refused, ErrorCode.CONNECT_FAILED);
    ClientExchange again = client.send("CONNECT", origin.authority(), "Host", origin.authority());
    TunnelEnd upstream = origin.acceptTunnel();
    assertPasses(again.tunnel(), upstream);
  }

  @Rule(
      id = "T-15",
      intent = "a client that leaves before its tunnel is open aborts the request",
      needs = Capability.UPGRADE)
  void clientMayLeaveBefore(Lab lab) {
    TestOrigin origin = Way.UPGRADE.origin(lab);
    TestPlugin plugin = lab.plugin("watch");
    Proxy proxy = Way.UPGRADE.proxy(lab, origin, builder -> builder.plugin(plugin));
    ClientExchange asked = Way.UPGRADE.ask(lab, proxy, origin);
    OriginRequest request = origin.accept();
    asked.vanish();
    request.awaitAborted();
    assertEquals(Outcome.CLIENT_GONE, lab.recorder().awaitEnd("watch").end().outcome());
  }
}
