package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.body.BodyEffect;
import dev.headgate.core.registry.PluginState;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.support.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WasmPluginDirectoryTest {
  @TempDir Path directory;

  private void module(String example, String name) throws IOException {
    Files.copy(Guests.example(example), directory.resolve(name + ".wasm"));
  }

  private void side(String name, String json) throws IOException {
    Files.writeString(directory.resolve(name + ".plugin.json"), json);
  }

  private List<WasmPlugin> load() throws WasmLoadException {
    return WasmPluginDirectory.load(directory, plugin -> plugin.limits(Guests.PATIENT));
  }

  @Test
  void findsModulesWithAndWithoutSideFile() throws Exception {
    module("header-modifier", "a-headers");
    module("example-logger", "b-logger");
    Files.writeString(directory.resolve("notes.txt"), "no module");
    Files.createDirectory(directory.resolve("more.wasm"));
    String sha256 = new ModuleSource("", Guests.bytes(Guests.example("header-modifier"))).sha256();
    side(
        "a-headers",
        """
{"id": "team", "name": "Team", "version": "1.2", "priority": 20, "dependsOn": ["sso"],
 "failurePolicy": "FAIL_CLOSED", "hookDeadlineMillis": 700, "blocking": true,
 "plainText": true, "requestBody": "OBSERVES", "responseBody": "KEEPS_LENGTH",
 "hooks": ["on_request"], "config": {"team": "blue"},
 "limits": {"fuel": 1000, "callDepth": 5, "deadlineMillis": 9, "startDeadlineMillis": 99, "memoryPages": 3,
   "instances": 2, "moduleBytes": 5000, "tableElements": 1, "hostMemoryBytes": 2048,
   "variableBytes": 7, "outputBytes": 8, "logBytes": 6},
 "sha256": "%s"}
"""
            .formatted(sha256));
    List<WasmPlugin> plugins = WasmPluginDirectory.load(directory);
    assertEquals(2, plugins.size());
    WasmPlugin team = plugins.get(0);
    assertEquals(
        PluginMetadata.builder("team")
            .name("Team")
            .version("1.2")
            .priority(20)
            .dependsOn("sso")
            .failurePolicy(FailurePolicy.FAIL_CLOSED)
            .hookDeadline(Duration.ofMillis(700))
            .blocking()
            .plainText()
            .requestBody(BodyEffect.OBSERVES)
            .responseBody(BodyEffect.KEEPS_LENGTH)
            .build(),
        team.metadata());
    assertEquals(Set.of(Hook.REQUEST), team.status().hooks());
    assertEquals(
        "WasmLimits[moduleBytes=5000, fuel=1000, callDepth=5, deadline=PT0.009S,"
            + " startDeadline=PT0.099S, memoryPages=3, tableElements=1, hostMemoryBytes=2048,"
            + " variableBytes=7, outputBytes=8, logBytes=6, instances=2]",
        team.limits().toString());
    assertEquals("b-logger", plugins.get(1).metadata().id());
    assertEquals(7, plugins.get(1).status().hooks().size());
  }

  @Test
  void pluginOfADirectoryWorks() throws Exception {
    module("header-modifier", "headers");
    side("headers", "{\"config\": {\"team\": \"blue\"}}");
    HarnessResult result =
        PluginHarness.with(load().get(0)).request("GET", "/").upstreamAnswers(200, "hello").run();
    assertEquals("blue", result.upstream().headers().get("X-Team"));
    assertEquals(0, result.faults());
  }

  @Test
  void registryListsThemWithStateCountersAndDetails() throws Exception {
    module("header-modifier", "headers");
    Files.copy(Guests.test("spin"), directory.resolve("spin.wasm"));
    side(
        "spin",
        """
{"priority": 600, "config": {"on_request": "yes"}, "limits": {"fuel": 1000, "deadlineMillis": 20000}}
""");
    List<WasmPlugin> plugins = load();
    PluginHarness harness = PluginHarness.with(plugins.get(1)).and(plugins.get(0));
    try (PluginSession proxy = harness.start()) {
      proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
      List<PluginStatus> listed = proxy.proxy().plugins().list();
      PluginStatus headers = listed.get(0);
      assertEquals("headers", headers.metadata().id());
      assertEquals(PluginState.ENABLED, headers.state());
      assertEquals(0, headers.faults());
      assertEquals(2L, headers.details().get("calls"));
      assertEquals(Map.of(), headers.details().get("failures"));
      assertEquals(1, headers.details().get("instances"));
      assertEquals(0L, headers.details().get("reloads"));
      assertEquals("chicory (compiled)", headers.details().get("runtime"));
      assertEquals(plugins.get(0).status().sha256(), headers.details().get("sha256"));
      assertTrue((long) headers.details().get("fuelUsed") > 0);
      assertFalse(headers.details().containsKey("lastFailedReload"));
      PluginStatus spin = listed.get(1);
      assertEquals("spin", spin.metadata().id());
      assertEquals(1, spin.faults());
      assertEquals(Map.of("FUEL", 1L), spin.details().get("failures"));
      assertTrue((long) spin.details().get("fuelUsed") >= 1000);

      Files.write(directory.resolve("headers.wasm"), new byte[] {0, 'a', 's'});
      assertThrows(WasmLoadException.class, plugins.get(0)::reload);
      PluginStatus after = proxy.proxy().plugins().list().get(0);
      assertEquals(1L, after.details().get("failedReloads"));
      String why = String.valueOf(after.details().get("lastFailedReload"));
      assertTrue(why.contains("headers.wasm: is no valid WebAssembly module"), why);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                             | malformed JSON",
        "[]                            | expected a JSON object",
        "{} {}                         | expected nothing behind",
        "{\"prio\": 1}                 | unknown member 'prio'",
        "{\"priority\": \"1\"}         | 'priority' must be a whole number",
        "{\"priority\": 1001}          | priority must be 0 to 1000, but was 1001",
        "{\"hooks\": [\"on_reqest\"]}  | there is no hook 'on_reqest'",
        "{\"hooks\": [1]}              | 'hooks' must be an array of strings",
        "{\"limits\": {\"fule\": 1}}   | unknown member 'limits.fule'",
        "{\"limits\": {\"fuel\": 0}}   | fuel must be 1 or more, but was 0",
        "{\"failurePolicy\": \"open\"} | 'failurePolicy' must be one of [FAIL_OPEN, FAIL_CLOSED]",
        "{\"sha256\": \"abc\"}         | sha256 must be 64 hexadecimal digits",
      })
  void namesSideFileAndMember(String json, String message) throws Exception {
    module("header-modifier", "headers");
    side("headers", json);
    WasmLoadException refused =
        assertThrows(WasmLoadException.class, () -> WasmPluginDirectory.load(directory));
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains(message), text);
    assertTrue(text.contains("headers.plugin.json"), text);
  }

  @Test
  void tellsAllFilesThatCantBeUsed() throws Exception {
    module("header-modifier", "good");
    Files.copy(Guests.test("no-abi"), directory.resolve("one.wasm"));
    Files.write(directory.resolve("two.wasm"), new byte[] {0, 'a', 's'});
    WasmLoadException refused =
        assertThrows(WasmLoadException.class, () -> WasmPluginDirectory.load(directory));
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains("one.wasm: does not export headgate_abi_v1"), text);
    assertTrue(text.contains("two.wasm: is no valid WebAssembly module"), text);
  }

  @Test
  void saysSoWhenThereIsNoDirectory() {
    Path nowhere = directory.resolve("nowhere");
    WasmLoadException refused =
        assertThrows(WasmLoadException.class, () -> WasmPluginDirectory.load(nowhere));
    assertTrue(String.valueOf(refused.getMessage()).contains("nowhere: can't be listed"));
  }
}
