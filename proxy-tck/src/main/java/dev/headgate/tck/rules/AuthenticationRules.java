package dev.headgate.tck.rules;

import static dev.headgate.tck.rules.PluginFixtures.onPurpose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.egress.ProxyAuthenticator;
import dev.headgate.core.spi.Capability;
import dev.headgate.tck.lab.ClientExchange;
import dev.headgate.tck.lab.Lab;
import dev.headgate.tck.lab.Rule;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestPlugin;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Checks of credentials that do what they should not: F-13. */
final class AuthenticationRules {
  private static final String LOGIN = "Basic dXNlcjpwYXNz";

  @Rule(
      id = "F-13",
      intent = "a check that throws, fails with an Error, or gives nothing lets nobody in",
      needs = Capability.FORWARD)
  void brokenChecks(Lab lab) {
    TestOrigin origin = lab.origin().answering(200, "reached");
    TestPlugin plugin = lab.plugin("a");
    List<ProxyAuthenticator> checks =
        List.of(
            (user, password) -> {
              throw new NoClassDefFoundError("on purpose");
            },
            (user, password) -> none(),
            (user, password) ->
                CompletableFuture.failedFuture(new NoClassDefFoundError("on purpose")),
            (user, password) -> new Unaskable());
    for (ProxyAuthenticator check : checks) {
      Proxy proxy =
          lab.proxy(
              builder ->
                  builder.plugin(plugin).forward(Way.local().authenticate("here", check).build()));
      Problem problem = Problem.read(ask(lab, proxy, origin), ErrorCode.INTERNAL);
      assertFalse(problem.text().contains("on purpose"), problem.text());
      assertTrue(problem.text().contains("\"requestId\""), problem.text());
    }
    Proxy empty =
        lab.proxy(
            builder ->
                builder
                    .plugin(plugin)
                    .forward(
                        Way.local()
                            .authenticate(
                                "here",
                                (user, password) -> CompletableFuture.completedFuture(nobody()))
                            .build()));
    Problem.read(ask(lab, empty, origin), ErrorCode.PROXY_AUTH_REQUIRED);
    assertEquals(0, origin.requests());
    assertEquals(0, lab.recorder().count("a", "onRequest"));
  }

  private static ClientExchange ask(Lab lab, Proxy proxy, TestOrigin origin) {
    return lab.client(proxy).get(ForwardProxyRules.url(origin, "/"), "Proxy-Authorization", LOGIN);
  }

  /** What a check can return all the same. */
  @SuppressWarnings("NullAway")
  private static CompletableFuture<Boolean> none() {
    return null;
  }

  @SuppressWarnings("NullAway")
  private static Boolean nobody() {
    return null;
  }

  private static final class Unaskable extends CompletableFuture<Boolean> {
    @Override
    public CompletableFuture<Boolean> whenComplete(
        BiConsumer<? super @Nullable Boolean, ? super @Nullable Throwable> action) {
      throw onPurpose();
    }
  }
}
