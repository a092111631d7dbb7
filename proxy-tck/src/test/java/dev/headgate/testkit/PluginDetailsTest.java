package dev.headgate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.registry.PluginStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What plugins tell of themselves stands in their status. */
class PluginDetailsTest {
  private record Telling(String id, Supplier<Map<String, Object>> told) implements ProxyPlugin {
    @Override
    public PluginMetadata metadata() {
      return PluginMetadata.builder(id).build();
    }

    @Override
    public Interceptor createInterceptor(PluginContext context) {
      return new Interceptor() {};
    }

    @Override
    public Map<String, Object> details() {
      return told.get();
    }
  }

  private static final ProxyPlugin SILENT =
      new ProxyPlugin() {
        @Override
        public PluginMetadata metadata() {
          return PluginMetadata.builder("silent").build();
        }

        @Override
        public Interceptor createInterceptor(PluginContext context) {
          return new Interceptor() {};
        }
      };

  @Test
  void detailsAreAskedForWithEachStatus() {
    Map<String, Object> counters = new HashMap<>(Map.of("seen", 1L));
    try (PluginSession proxy = PluginHarness.with(new Telling("a", () -> counters)).start()) {
      PluginStatus first = proxy.plugin();
      assertEquals(Map.of("seen", 1L), first.details());
      counters.put("seen", 2L);
      assertEquals(Map.of("seen", 1L), first.details(), "a snapshot");
      assertThrows(UnsupportedOperationException.class, () -> first.details().clear());
      assertEquals(Map.of("seen", 2L), proxy.plugin().details());
      proxy.proxy().plugins().disable("a").toCompletableFuture().join();
      assertEquals(PluginState.DISABLED, proxy.plugin().state());
      assertEquals(Map.of("seen", 2L), proxy.plugin().details(), "disabled or not");
    }
  }

  @Test
  void pluginThatFailsToTellIsListedAllTheSame() {
    Telling broken =
        new Telling(
            "broken",
            () -> {
              throw new IllegalStateException("on purpose");
            });
    try (PluginSession proxy =
        PluginHarness.with(broken)
            .and(SILENT)
            .and(new Telling("b", () -> Map.of("x", 1)))
            .start()) {
      Map<String, Map<String, Object>> told = new HashMap<>();
      for (PluginStatus status : proxy.proxy().plugins().list()) {
        told.put(status.metadata().id(), status.details());
      }
      assertEquals(Map.of("broken", Map.of(), "silent", Map.of(), "b", Map.of("x", 1)), told);
    }
  }
}
