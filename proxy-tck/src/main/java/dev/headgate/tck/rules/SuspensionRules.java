package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.assertError;
import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static dev.headgate.tck.rules.PluginFixtures.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Plugins that keep failing: P-44 to P-47. */
final class SuspensionRules {
  private static final Duration COOL_DOWN = Duration.ofSeconds(30);

  /** Fails in the exchanges of one path. */
  private static TestPlugin failing(Lab lab, String id) {
    return lab.plugin(id)
        .onRequest(
            ctx -> {
              if (ctx.request().path().equals("/fail")) throw onPurpose();
              return RequestDecision.proceed();
            });
  }

  private static Proxy proxy(Lab lab, TestOrigin origin, int faults, TestPlugin plugin) {
    return lab.proxy(
        builder ->
            builder.route("/**", origin.url()).plugin(plugin).suspendAfter(faults, COOL_DOWN));
  }

  /** Makes an exchange, and waits until it is over in the proxy. */
  private static void pass(Lab lab, Proxy proxy, String path) {
    assertEquals("ok", lab.client(proxy).get(path).readAllText());
    lab.awaitIdle(proxy);
  }

  private static void refused(Lab lab, Proxy proxy, String path, int status, String code) {
    assertError(status, code, lab.client(proxy).get(path));
    lab.awaitIdle(proxy);
  }

  @Rule(id = "P-44", intent = "after the set number of faults in a row a plugin is suspended")
  void repeatedFaultsSuspend(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy open = proxy(lab, origin, 3, failing(lab, "open"));
    Proxy closed = proxy(lab, origin, 3, failing(lab, "closed").failClosed());

    for (String path : new String[] {"/fail", "/fail", "/", "/fail", "/fail"}) {
      pass(lab, open, path);
      assertEquals(PluginState.ENABLED, status(open, "open").state());
    }
    pass(lab, open, "/fail");
    assertEquals(PluginState.SUSPENDED, status(open, "open").state());
    int calls = lab.recorder().calls("open").size();
    pass(lab, open, "/");
    pass(lab, open, "/fail");
    assertEquals(calls, lab.recorder().calls("open").size());
    assertEquals(5, status(open, "open").faults());
    assertEquals(1, status(open, "open").suspensions());

    for (int i = 0; i < 3; i++) refused(lab, closed, "/fail", 500, "plugin_failed");
    assertEquals(PluginState.SUSPENDED, status(closed, "closed").state());
    calls = lab.recorder().calls("closed").size();
    int requests = origin.requests();
    refused(lab, closed, "/", 503, "plugin_suspended");
    assertEquals(calls, lab.recorder().calls("closed").size());
    assertEquals(requests, origin.requests());
  }

  @Rule(
      id = "P-45",
      intent = "after the cool-down one exchange tries the plugin; a clean one enables it",
      needs = Capability.VIRTUAL_TIME)
  void cleanTrialEnables(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    CompletableFuture<RequestDecision> trial = new CompletableFuture<>();
    TestPlugin plugin =
        lab.plugin("a")
            .hookDeadline(PluginFixtures.LONG)
            .onRequest(
                ctx ->
                    switch (ctx.request().path()) {
                      case "/fail" -> throw onPurpose();
                      case "/trial" -> RequestDecision.later(trial);
                      default -> RequestDecision.proceed();
                    });
    Proxy proxy = proxy(lab, origin, 1, plugin);

    pass(lab, proxy, "/fail");
    lab.time().advance(COOL_DOWN.minusNanos(1));
    pass(lab, proxy, "/");
    assertEquals(1, lab.recorder().count("a", "onRequest"));
    lab.time().advance(Duration.ofNanos(1));
    ClientExchange tried = lab.client(proxy).get("/trial");
    lab.recorder().await("a", "onRequest", 2);
    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    assertEquals(2, lab.recorder().count("a", "onRequest"));
    assertEquals(PluginState.SUSPENDED, status(proxy, "a").state());

    trial.complete(RequestDecision.proceed());
    assertEquals("ok", tried.readAllText());
    lab.awaitIdle(proxy);
    assertEquals(PluginState.ENABLED, status(proxy, "a").state());
    pass(lab, proxy, "/");
    assertEquals(3, lab.recorder().count("a", "onRequest"));
  }

  @Rule(
      id = "P-46",
      intent = "if the trial fails the plugin stays suspended for another cool-down",
      needs = Capability.VIRTUAL_TIME)
  void failedTrialKeepsSuspended(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = proxy(lab, origin, 2, failing(lab, "a"));

    pass(lab, proxy, "/fail");
    pass(lab, proxy, "/fail");
    lab.time().advance(COOL_DOWN);
    pass(lab, proxy, "/fail");
    assertEquals(3, lab.recorder().count("a", "onRequest"));
    assertEquals(PluginState.SUSPENDED, status(proxy, "a").state());
    lab.time().advance(COOL_DOWN.minusNanos(1));
    pass(lab, proxy, "/");
    assertEquals(3, lab.recorder().count("a", "onRequest"));

    lab.time().advance(Duration.ofNanos(1));
    pass(lab, proxy, "/");
    assertEquals(4, lab.recorder().count("a", "onRequest"));
    assertEquals(PluginState.ENABLED, status(proxy, "a").state());
  }

  @Rule(id = "P-47", intent = "a fault in one proxy's interceptor does not count in another proxy")
  void faultsBelongToOneProxy(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin shared = failing(lab, "a");
    Proxy one = proxy(lab, origin, 1, shared);
    Proxy other = proxy(lab, origin, 1, shared);

    pass(lab, one, "/fail");

    assertEquals(PluginState.SUSPENDED, status(one, "a").state());
    assertEquals(PluginState.ENABLED, status(other, "a").state());
    assertEquals(0, status(other, "a").faults());
    pass(lab, one, "/");
    assertEquals(1, lab.recorder().count("a", "onRequest"));
    pass(lab, other, "/");
    assertEquals(2, lab.recorder().count("a", "onRequest"));
  }
}
