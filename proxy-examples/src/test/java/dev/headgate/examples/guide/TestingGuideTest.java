package dev.headgate.examples.guide;

import static dev.headgate.examples.guide.Asking.plugin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TestingGuideTest {
  private final ProxyPlugin oneBehind =
      plugin(
          PluginMetadata.builder("one-behind").responseBody(BodyEffect.CHANGES_LENGTH).build(),
          context -> new BodiesGuideTest.OneBehind());
  private final ProxyPlugin tokenPlugin =
      plugin(
          PluginMetadata.builder("token").hookDeadline(Duration.ofSeconds(5)).build(),
          context -> new DecisionsGuideTest.Later(session -> new CompletableFuture<>()));

  // tag::testing-faults[]
  @Test
  void releasesWhatItHoldsWhenTheClientVanishes() {
    HarnessResult result =
        PluginHarness.with(oneBehind)
            .request("GET", "/")
            .upstreamAnswers(200, "one", "two", "three")
            .clientVanishesAfter(3)
            .run(); // fails if a chunk was retained and never released
    assertEquals(0, result.faults());
  }

  @Test
  void doesWithoutATokenThatDoesNotCome() {
    HarnessResult result =
        PluginHarness.with(tokenPlugin)
            .request("GET", "/")
            .upstreamAnswers(200, "hello")
            .timePasses(Duration.ofSeconds(5)) // nobody waits: the clock is the test's
            .run();
    assertEquals("hello", result.text());
    assertTrue(result.proxyStatus().contains("plugin token failed open in onRequest"));
  }
  // end::testing-faults[]
}
