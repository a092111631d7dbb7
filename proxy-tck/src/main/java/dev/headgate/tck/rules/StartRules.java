package dev.headgate.tck.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.StartException;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.tls.LeafCertificates;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starting: L-01 to L-06. */
final class StartRules {
  /** Is never asked. */
  private static final class NoLeaves implements LeafCertificates {
    @Override
    public CompletionStage<SSLContext> context(String host, Executor executor) {
      throw new AssertionError("no certificate is needed before the start");
    }

    @Override
    public String authorityPem() {
      return "";
    }
  }

  @Rule(id = "L-01", intent = "a proxy starts on a free port by default and tells its address")
  void startsOnFreePort(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy one = lab.proxy(origin);
    Proxy other = lab.proxy(origin);

    assertNotEquals(one.port(), other.port());
    assertEquals("http://127.0.0.1:" + one.port(), one.uri().toString());
    assertEquals(200, lab.client(one).get("/").status());
    assertEquals(200, lab.client(other).get("/").status());
  }

  @Rule(id = "L-02", intent = "a plugin is installed, enabled, made and started before it works")
  void pluginStartsInOrder(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    Proxy proxy = lab.proxy(origin, lab.plugin("a").headsOnly());

    assertEquals("ok", lab.client(proxy).get("/").readAllText());
    lab.recorder().awaitEnd("a");

    assertEquals(
        List.of(
            "a.onInstall",
            "a.onEnable",
            "a.createInterceptor",
            "a.onProxyStart",
            "a.onRequest",
            "a.onResponseHeaders",
            "a.onResponseComplete"),
        lab.recorder().names());
  }

  @Rule(id = "L-03", intent = "onProxyStart ascends, onProxyStop descends")
  void startsAndStopsInOrder(Lab lab) {
    TestOrigin origin = lab.origin();
    Proxy proxy = lab.proxy(origin, lab.plugin("b").priority(20), lab.plugin("a").priority(10));

    lab.stop(proxy);

    assertEquals(List.of("a", "b"), lab.recorder().order("onProxyStart"));
    assertEquals(List.of("b", "a"), lab.recorder().order("onProxyStop"));
  }

  @Rule(id = "L-04", intent = "all mistakes are reported at once, before anything starts")
  void mistakesAreReportedAtOnce(Lab lab) {
    TestPlugin unused = lab.plugin("unused");
    InspectOptions inspect =
        InspectOptions.builder(new NoLeaves())
            .hosts("http://no-host")
            .passThroughAfterRefusal(Duration.ofSeconds(-9))
            .build();

    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () ->
                lab.proxy(
                    builder ->
                        builder
                            .port(70_000)
                            .pseudonym("not a token")
                            .grace(Duration.ofSeconds(-7))
                            .suspendAfter(-3, Duration.ofSeconds(-5))
                            .route("no-slash", "http://localhost")
                            .route("/wrong", "ftp://somewhere")
                            .inspect(inspect)
                            .plugin(unused)
                            .plugin(lab.plugin("far"), options -> options.priority(4711))));

    List<String> offending =
        List.of(
            "70000",
            "'not a token'",
            "PT-7S",
            "-3",
            "PT-5S",
            "no-slash",
            "ftp",
            "http://no-host",
            "PT-9S",
            "forward(...)",
            "4711");
    for (String value : offending) {
      assertTrue(
          refused.mistakes().stream().anyMatch(mistake -> mistake.contains(value)),
          () -> value + " is not named in " + refused.mistakes());
    }
    assertTrue(refused.mistakes().size() >= offending.size(), () -> "" + refused.mistakes());
    refused.mistakes().forEach(mistake -> assertContains(mistake, refused.getMessage()));
    assertEquals(List.of(), lab.recorder().names());
  }

  @Rule(id = "L-05", intent = "a missing, disabled or later dependency fails the start")
  void dependenciesAreChecked(Lab lab) {
    TestOrigin origin = lab.origin();
    List<Consumer<ProxyBuilder>> setups =
        List.of(
            builder -> {},
            builder -> builder.plugin(lab.plugin("base"), PluginOptions::disabled),
            builder -> builder.plugin(lab.plugin("base").priority(600)),
            builder -> builder.plugin(lab.plugin("base").priority(100), o -> o.priority(600)));
    for (Consumer<ProxyBuilder> setup : setups) {
      ConfigurationException refused =
          assertThrows(
              ConfigurationException.class,
              () ->
                  lab.proxy(
                      builder -> {
                        builder.route("/**", origin.url());
                        builder.plugin(lab.plugin("needy").dependsOn("base"));
                        setup.accept(builder);
                      }));
      assertEquals(1, refused.mistakes().size(), () -> "" + refused.mistakes());
      assertContains("'needy'", refused.mistakes().get(0));
      assertContains("'base'", refused.mistakes().get(0));
    }
    assertEquals(List.of(), lab.recorder().names());

    // Registered later, but earlier in the chain.
    lab.proxy(origin, lab.plugin("needy").dependsOn("base"), lab.plugin("base").priority(100));
    assertEquals(List.of("base", "needy"), lab.recorder().order("onProxyStart"));
  }

  @Rule(id = "L-06", intent = "a plugin that refuses fails the start, which leaves nothing")
  void refusingPluginFailsTheStart(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "ok");
    TestPlugin unstarted =
        lab.plugin("b")
            .priority(200)
            .onProxyStart(
                proxy -> {
                  throw new IllegalStateException("no start");
                });
    TestPlugin unmade =
        lab.plugin("b")
            .priority(200)
            .onCreate(
                context -> {
                  throw new IllegalStateException("not made");
                });
    for (TestPlugin refusing : List.of(unstarted, unmade)) {
      lab.recorder().clear();
      TestPlugin first = scheduling(lab, "a").priority(100);
      TestPlugin last = scheduling(lab, "c").priority(300);

      StartException refused =
          assertThrows(StartException.class, () -> lab.proxy(origin, last, refusing, first));

      assertContains("'b'", String.valueOf(refused.getMessage()));
      boolean startedFirst = refusing == unstarted;
      assertEquals(startedFirst ? 1 : 0, lab.recorder().count("a", "onProxyStart"));
      assertEquals(startedFirst ? 1 : 0, lab.recorder().count("a", "onProxyStop"));
      assertEquals(0, lab.recorder().count("b", "onProxyStop"));
      assertEquals(0, lab.recorder().count("c", "onProxyStart"));
      assertEquals(0, lab.recorder().count("c", "onProxyStop"));
      for (String id : List.of("a", "b", "c")) {
        int enabled = lab.recorder().count(id, "onEnable");
        assertEquals(enabled, lab.recorder().count(id, "onDisable"), id);
        assertEquals(1, lab.recorder().count(id, "onInstall"), id);
        assertEquals(1, lab.recorder().count(id, "onUninstall"), id);
      }
    }
    // The engine is as good as new; that no port, timer or thread is left is the lab's to find.
    assertEquals("ok", lab.client(lab.proxy(origin)).get("/").readAllText());
  }

  /** A plugin that leaves a timer, unless its scheduler is closed. */
  private static TestPlugin scheduling(Lab lab, String id) {
    return lab.plugin(id)
        .onCreate(context -> context.scheduler().schedule(Duration.ofHours(1), () -> {}));
  }

  private static void assertContains(String part, @Nullable String whole) {
    assertTrue(String.valueOf(whole).contains(part), () -> part + " is not in " + whole);
  }
}
