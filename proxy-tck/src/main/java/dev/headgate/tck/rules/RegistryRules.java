package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.api.Hook;
import dev.headgate.core.registry.PluginException;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.registry.PluginRegistry;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.HookCall;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import dev.headgate.tck.lab.Waits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Changes at run time: L-12 to L-15, L-17, L-18. */
final class RegistryRules {
  @Rule(id = "L-12", intent = "an enabled plugin takes part in the next exchange, not the present")
  void enabledPluginJoinsTheNext(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    proxy.plugins().register(lab.plugin("off"), new PluginOptions().disabled());
    ClientExchange present = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    proxy.plugins().register(lab.plugin("new").priority(100), new PluginOptions());
    proxy.plugins().enable("off");
    request.respond(200, "present");

    assertEquals("present", present.readAllText());
    lab.recorder().awaitEnd("a");
    lab.awaitIdle(proxy);
    for (String id : List.of("new", "off")) {
      List<String> names = lab.recorder().calls(id).stream().map(HookCall::hook).toList();
      assertEquals(List.of("onInstall", "onEnable", "createInterceptor", "onProxyStart"), names);
    }

    lab.recorder().clear();
    ClientExchange next = lab.client(proxy).get("/");
    origin.accept().respond(200, "next");
    assertEquals("next", next.readAllText());
    assertEquals(List.of("new", "a", "off"), lab.recorder().order("onRequest"));
    assertEquals(List.of("off", "a", "new"), lab.recorder().order("onResponseHeaders"));
    for (String id : List.of("new", "a", "off")) lab.recorder().awaitEnd(id);
  }

  @Rule(id = "L-13", intent = "a disabled plugin finishes what is under way, and is stopped once")
  void disabledPluginFinishes(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("a"));
    ClientExchange present = lab.client(proxy).get("/");
    OriginRequest request = origin.accept();

    CompletableFuture<Void> disabled = proxy.plugins().disable("a").toCompletableFuture();

    ClientExchange next = lab.client(proxy).get("/");
    origin.accept().respond(200, "next");
    assertEquals("next", next.readAllText());
    assertEquals(1, lab.recorder().count("a", "onRequest"));
    assertFalse(disabled.isDone());
    assertEquals(0, lab.recorder().count("a", "onProxyStop"));

    request.respond(200, "present");
    assertEquals("present", present.readAllText());
    Waits.on("the plugin is disabled", disabled);
    assertEquals(PluginState.DISABLED, proxy.plugins().list().get(0).state());
    checkPresentIsWhole(lab);
    proxy.stop();
    checkPresentIsWhole(lab);
  }

  private static void checkPresentIsWhole(Lab lab) {
    List<String> expected =
        List.of("onRequest", "onResponseHeaders", "onResponseComplete", "onProxyStop", "onDisable");
    List<String> hooks =
        lab.recorder().calls("a").stream().map(HookCall::hook).filter(expected::contains).toList();
    assertEquals(expected, hooks);
  }

  @Rule(id = "L-14", intent = "a plugin that another depends on can't be disabled")
  void neededPluginStays(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy =
        lab.proxy(origin, lab.plugin("base").priority(100), lab.plugin("needy").dependsOn("base"));
    PluginRegistry plugins = proxy.plugins();
    List<Consumer<String>> steps = List.of(plugins::disable, plugins::unregister);
    for (Consumer<String> step : steps) {
      PluginException refused = assertThrows(PluginException.class, () -> step.accept("base"));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("'base'") && message.contains("'needy'"), message);
    }
    assertEquals(List.of("base", "needy"), ids(plugins));
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    assertEquals(List.of("base", "needy"), lab.recorder().order("onRequest"));
    assertEquals(List.of(), lab.recorder().order("onDisable"));

    Waits.on("the other is disabled", plugins.disable("needy").toCompletableFuture());
    Waits.on("it is disabled", plugins.disable("base").toCompletableFuture());
    PluginException early = assertThrows(PluginException.class, () -> plugins.enable("needy"));
    String message = String.valueOf(early.getMessage());
    assertTrue(message.contains("'base'") && message.contains("'needy'"), message);
  }

  @Rule(id = "L-15", intent = "a plugin registered twice is refused")
  void idsAreUnique(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin same = lab.plugin("a");
    for (TestPlugin second : List.of(same, lab.plugin("a"))) {
      ConfigurationException refused =
          assertThrows(ConfigurationException.class, () -> lab.proxy(origin, same, second));
      assertEquals(1, refused.mistakes().size(), () -> "" + refused.mistakes());
      assertTrue(refused.mistakes().get(0).contains("'a'"), refused.mistakes().get(0));
    }
    assertEquals(List.of(), lab.recorder().names());

    Proxy proxy = lab.proxy(origin, same);
    for (TestPlugin second : List.of(same, lab.plugin("a"))) {
      PluginException refused =
          assertThrows(
              PluginException.class, () -> proxy.plugins().register(second, new PluginOptions()));
      assertTrue(String.valueOf(refused.getMessage()).contains("'a'"), refused.getMessage());
    }
    assertEquals(1, lab.recorder().count("a", "onInstall"));
    assertEquals(List.of("a"), ids(proxy.plugins()));
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    assertEquals(1, lab.recorder().count("a", "onRequest"));
  }

  @Rule(id = "L-17", intent = "several proxies on one engine are independent")
  void proxiesAreIndependent(Lab lab) {
    TestOrigin origin = lab.origin();
    TestPlugin shared = lab.plugin("a");
    Proxy first = lab.proxy(origin, shared);
    Proxy second = lab.proxy(origin, shared);
    ClientExchange present = lab.client(second).get("/");
    OriginRequest request = origin.accept();
    request.head(200);
    assertEquals(200, present.status());

    first.stop(Duration.ZERO);

    assertEquals(1, lab.recorder().count("a", "onProxyStop"));
    assertTrue(lab.tryClient(first).isEmpty(), "a stopped proxy takes connections");
    request.send("present");
    request.end();
    assertEquals("present", present.readAllText());
    ClientExchange next = lab.client(second).get("/");
    origin.accept().respond(200, "next");
    assertEquals("next", next.readAllText());
    lab.recorder().awaitEnd("a", 2);
    second.plugins().disable("a");
    Proxy third = lab.proxy(origin, shared);
    ClientExchange last = lab.client(third).get("/");
    origin.accept().respond(200, "last");
    assertEquals("last", last.readAllText());
    lab.recorder().awaitEnd("a", 3);
  }

  @Rule(id = "L-18", intent = "the registry lists plugins in order, with state and counters")
  void registryTellsTheChain(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin failing =
        lab.plugin("failing")
            .priority(300)
            .onRequest(
                ctx -> {
                  throw new IllegalStateException("on purpose");
                });
    Proxy proxy =
        lab.proxy(
            builder ->
                builder
                    .route("/**", origin.url())
                    .suspendAfter(2, Duration.ofHours(1))
                    .plugin(failing)
                    .plugin(lab.plugin("off").priority(200), PluginOptions::disabled)
                    .plugin(lab.plugin("moved").priority(900), options -> options.priority(250))
                    .plugin(lab.plugin("on").priority(100).headsOnly()));
    assertEquals(List.of("on", "off", "moved", "failing"), ids(proxy.plugins()));
    check(proxy, "on", PluginState.ENABLED, 0, 0);
    check(proxy, "off", PluginState.DISABLED, 0, 0);
    check(proxy, "failing", PluginState.ENABLED, 0, 0);

    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("failing");
    check(proxy, "failing", PluginState.ENABLED, 1, 0);
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("failing", 2);
    check(proxy, "failing", PluginState.SUSPENDED, 2, 1);

    assertEquals(250, find(proxy, "moved").metadata().priority());
    assertTrue(find(proxy, "moved").hooks().contains(Hook.REQUEST_CHUNK));
    assertTrue(find(proxy, "on").hooks().contains(Hook.REQUEST));
    assertFalse(find(proxy, "on").hooks().contains(Hook.REQUEST_CHUNK));
    check(proxy, "on", PluginState.ENABLED, 0, 0);
    List<String> lines = proxy.plugins().describe().lines().toList();
    assertEquals(4, lines.size());
    assertTrue(lines.get(3).contains("failing") && lines.get(3).contains("SUSPENDED"));

    proxy.plugins().enable("failing");
    assertEquals(PluginState.ENABLED, find(proxy, "failing").state());
    Waits.on("it is disabled", proxy.plugins().disable("failing").toCompletableFuture());
    check(proxy, "failing", PluginState.DISABLED, 0, 0);
    proxy.plugins().enable("failing");
    check(proxy, "failing", PluginState.ENABLED, 0, 0);
  }

  private static List<String> ids(PluginRegistry plugins) {
    return plugins.list().stream().map(status -> status.metadata().id()).toList();
  }

  private static PluginStatus find(Proxy proxy, String id) {
    return proxy.plugins().list().stream()
        .filter(status -> status.metadata().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static void check(
      Proxy proxy, String id, PluginState state, long faults, long suspensions) {
    PluginStatus status = find(proxy, id);
    assertEquals(state, status.state(), id);
    assertEquals(faults, status.faults(), id);
    assertEquals(suspensions, status.suspensions(), id);
  }
}
