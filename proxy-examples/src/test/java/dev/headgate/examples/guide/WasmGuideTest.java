package dev.headgate.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.WasmPluginDirectory;
import dev.headgate.wasm.WasmRuntimes;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasmGuideTest {
  private static final Path GUESTS =
      Path.of(System.getProperty("basedir", ""))
          .toAbsolutePath()
          .resolveSibling("proxy-wasm/plugins");

  @TempDir Path directory;

  private static Proxy start(Path module) throws WasmLoadException {
    // tag::wasm-first[]
    Proxy proxy =
        Proxy.builder()
            .route("/**", "https://api.example.com")
            .plugin(WasmPlugin.builder(module).config("team", "blue").build())
            .start();
    // end::wasm-first[]
    return proxy;
  }

  private static WasmPlugin gate(Path module, String token) throws WasmLoadException {
    // tag::wasm-options[]
    WasmPlugin plugin =
        WasmPlugin.builder(module)
            .id("gate")
            .metadata(m -> m.priority(5).failurePolicy(FailurePolicy.FAIL_CLOSED))
            .config("token", token)
            .hooks(Hook.REQUEST)
            .limits(
                WasmLimits.builder()
                    .fuel(1_000_000)
                    .deadline(Duration.ofSeconds(2))
                    .memoryPages(16)
                    .build())
            .runtime(WasmRuntimes.compiled())
            .watch(Duration.ofSeconds(2))
            .build();
    // end::wasm-options[]
    return plugin;
  }

  private static void addAll(ProxyBuilder builder, Path directory) throws WasmLoadException {
    // tag::wasm-directory[]
    for (WasmPlugin plugin : WasmPluginDirectory.load(directory)) builder.plugin(plugin);
    // end::wasm-directory[]
  }

  @Test
  void firstPluginStarts() throws Exception {
    try (Proxy proxy = start(GUESTS.resolve("header-modifier/header-modifier.wasm"))) {
      assertTrue(proxy.plugins().describe().contains("header-modifier"));
    }
  }

  @Test
  void optionsHold() throws Exception {
    WasmPlugin plugin = gate(GUESTS.resolve("auth-gate/auth-gate.wasm"), "s3cret");
    assertEquals("gate", plugin.metadata().id());
    HarnessResult refused =
        PluginHarness.with(plugin).request("GET", "/").upstreamAnswers(200, "hello").run();
    assertEquals(401, refused.status());
    assertFalse(plugin.reload(), "nothing has changed");
  }

  @Test
  void directoryIsRead() throws Exception {
    Files.copy(
        GUESTS.resolve("header-modifier/header-modifier.wasm"), directory.resolve("team.wasm"));
    Files.writeString(
        directory.resolve("team.plugin.json"),
        """
        {
          "version": "1.2",
          "priority": 20,
          "failurePolicy": "FAIL_OPEN",
          "hooks": ["on_request"],
          "config": {"team": "blue"},
          "limits": {"fuel": 1000000, "deadlineMillis": 20, "memoryPages": 16}
        }
        """);
    ProxyBuilder builder = Proxy.builder().route("/**", "https://api.example.com");
    addAll(builder, directory);
    Files.writeString(directory.resolve("team.plugin.json"), "{\"prio\": 20}");
    assertThrows(WasmLoadException.class, () -> addAll(Proxy.builder(), directory));
    try (Proxy proxy = builder.start()) {
      assertTrue(proxy.plugins().describe().contains("team"));
    }
  }
}
