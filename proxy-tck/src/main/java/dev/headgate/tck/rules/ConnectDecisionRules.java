package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.ConnectDecision;
import dev.headgate.api.HostPort;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.TunnelEnd;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What plugins decide about a CONNECT: I-01 to I-06. */
final class ConnectDecisionRules {
  private static Proxy proxy(Lab lab, TestOrigin origin, TestPlugin... plugins) {
    return Way.CONNECT.proxy(
        lab,
        origin,
        builder -> {
          for (TestPlugin plugin : plugins) builder.plugin(plugin);
        });
  }

  private static void assertOpens(ClientExchange asked, TestOrigin origin) {
    TunnelEnd upstream = origin.acceptTunnel();
    asked.tunnel().send("x");
    assertEquals("x", upstream.readText(1));
  }

  @Rule(
      id = "I-01",
      intent = "onConnect is called in order, up to the first decision",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void onConnectIsCalledInOrder(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    TestPlugin first =
        lab.plugin("first")
            .priority(10)
            .onConnect(
                ctx -> {
                  asked.add(ctx.destination() + " " + ctx.request().method());
                  return ConnectDecision.proceed();
                });
    TestPlugin second =
        lab.plugin("second")
            .priority(20)
            .onConnect(ctx -> ConnectDecision.tunnel(ctx.destination()));
    TestPlugin third = lab.plugin("third").priority(30);
    Proxy proxy = proxy(lab, origin, third, second, first);
    assertOpens(Way.CONNECT.ask(lab, proxy, origin), origin);
    assertEquals(List.of("first", "second"), lab.recorder().order("onConnect"));
    assertEquals(List.of(origin.authority() + " CONNECT"), asked);
  }

  @Rule(
      id = "I-02",
      intent = "a plugin may refuse a CONNECT",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void connectMayBeRefused(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    ErrorCode code = ErrorCode.of("not_today", 429);
    TestPlugin before = lab.plugin("before").priority(1);
    TestPlugin refusing =
        lab.plugin("refusing")
            .priority(2)
            .onConnect(
                ctx -> ConnectDecision.refuse(new ClientFault(code, Phase.REQUEST_HOOKS, "No.")));
    TestPlugin behind = lab.plugin("behind").priority(3);
    Proxy proxy = proxy(lab, origin, before, refusing, behind);
    Problem.read(Way.CONNECT.ask(lab, proxy, origin), code);
    for (String id : List.of("before", "refusing")) {
      assertEquals(code, lab.recorder().awaitEnd(id).fault().code());
    }
    lab.awaitIdle(proxy);
    assertEquals(0, lab.recorder().count("behind", "onConnect"));
    assertEquals(0, lab.recorder().count("behind", "onError"));
  }

  @Rule(
      id = "I-03",
      intent = "a plugin may lead a CONNECT elsewhere, within the address policy",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void connectMayBeRedirected(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    HostPort there = new HostPort("127.0.0.1", origin.port());
    TestPlugin plugin = lab.plugin("a").onConnect(ctx -> ConnectDecision.tunnel(there));
    Proxy proxy =
        lab.proxy(
            builder -> builder.plugin(plugin).forward(Way.local().denyHosts("*.test").build()));
    ClientExchange asked = lab.client(proxy).send("CONNECT", "other.test:25", "Host", "other.test");
    assertOpens(asked, origin);

    for (String host : List.of("10.0.0.1", "0x0a000001", "a b", "a@b")) {
      TestPlugin odd =
          lab.plugin("b").onConnect(ctx -> ConnectDecision.tunnel(new HostPort(host, 443)));
      Problem.read(Way.CONNECT.ask(lab, proxy(lab, origin, odd), origin), ErrorCode.ADDRESS_DENIED);
    }
  }

  @Rule(
      id = "I-04",
      intent = "a decision about a CONNECT may come later",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void decisionMayComeLater(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    CompletableFuture<ConnectDecision> later = new CompletableFuture<>();
    TestPlugin plugin = lab.plugin("a").onConnect(ctx -> ConnectDecision.later(later));
    Proxy proxy = proxy(lab, origin, plugin);
    ClientExchange asked = Way.CONNECT.ask(lab, proxy, origin);
    lab.recorder().await("a", "onConnect");
    ErrorCode code = ErrorCode.of("not_today", 429);
    later.complete(ConnectDecision.refuse(new ClientFault(code, Phase.REQUEST_HOOKS, "No.")));
    Problem.read(asked, code);

    TestPlugin late =
        lab.plugin("late")
            .failClosed()
            .hookDeadline(lab.shortTimeout())
            .onConnect(ctx -> ConnectDecision.later(new CompletableFuture<>()));
    Proxy waits = proxy(lab, origin, late);
    ClientExchange unanswered = Way.CONNECT.ask(lab, waits, origin);
    lab.recorder().await("late", "onConnect");
    lab.pass();
    Problem.read(unanswered, ErrorCode.PLUGIN_FAILED);

    // A stage that fails, with an error too, and one without a decision.
    List<CompletableFuture<ConnectDecision>> failing =
        List.of(
            CompletableFuture.failedFuture(PluginFixtures.onPurpose()),
            CompletableFuture.failedFuture(new NoClassDefFoundError("on purpose")),
            CompletableFuture.completedFuture(null));
    for (CompletableFuture<ConnectDecision> stage : failing) {
      TestPlugin fails =
          lab.plugin("fails").failClosed().onConnect(ctx -> ConnectDecision.later(stage));
      Problem.read(
          Way.CONNECT.ask(lab, proxy(lab, origin, fails), origin), ErrorCode.PLUGIN_FAILED);
    }
  }

  @Rule(
      id = "I-05",
      intent = "a fault in onConnect follows the plugin's policy",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void faultsFollowThePolicy(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    TestPlugin open =
        lab.plugin("open")
            .onConnect(
                ctx -> {
                  throw PluginFixtures.onPurpose();
                });
    ClientExchange passed = Way.CONNECT.ask(lab, proxy(lab, origin, open), origin);
    assertOpens(passed, origin);
    String status = String.valueOf(passed.response().header("Proxy-Status"));
    assertTrue(status.contains("open"), () -> "Proxy-Status: " + status);

    TestPlugin closed = lab.plugin("closed").failClosed().onConnect(ctx -> null);
    ClientExchange refused = Way.CONNECT.ask(lab, proxy(lab, origin, closed), origin);
    Problem.read(refused, ErrorCode.PLUGIN_FAILED);

    TestPlugin broken =
        lab.plugin("broken")
            .failClosed()
            .onConnect(
                ctx -> {
                  throw new NoClassDefFoundError("on purpose");
                });
    ClientExchange stopped = Way.CONNECT.ask(lab, proxy(lab, origin, broken), origin);
    Problem.read(stopped, ErrorCode.PLUGIN_FAILED);
  }

  @Rule(
      id = "I-06",
      intent = "inspection that is not set up is refused, never passed unseen",
      needs = {Capability.FORWARD, Capability.CONNECT})
  void inspectionThatIsNotSetUp(Lab lab) {
    TestOrigin origin = Way.CONNECT.origin(lab);
    TestPlugin plugin =
        lab.plugin("a").onConnect(ctx -> ConnectDecision.inspect(ctx.destination()));
    ClientExchange asked = Way.CONNECT.ask(lab, proxy(lab, origin, plugin), origin);
    Problem.read(asked, ErrorCode.NOT_IMPLEMENTED);
  }
}
