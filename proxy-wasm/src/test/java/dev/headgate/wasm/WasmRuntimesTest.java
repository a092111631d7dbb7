package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.support.Guests;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WasmRuntimesTest {
  @Test
  void runtimesAreKnownByName() {
    assertSame(WasmRuntimes.compiled(), WasmRuntimes.named("compiled"));
    assertSame(WasmRuntimes.interpreted(), WasmRuntimes.named("interpreted"));
    IllegalArgumentException unknown =
        assertThrows(IllegalArgumentException.class, () -> WasmRuntimes.named("native"));
    assertEquals(
        "runtime must be compiled, interpreted or extism, but was 'native'", unknown.getMessage());
  }

  @Test
  void nativeRuntimeThatIsMissingSaysWhatIsMissing(@TempDir Path directory) throws Exception {
    Assumptions.assumeFalse(
        WasmRuntimes.missingForExtism().isEmpty(), "libextism is installed here");
    String missing = WasmRuntimes.missingForExtism().orElseThrow();
    assertTrue(missing.startsWith("libextism can't be loaded (Unable to load library"), missing);
    assertFalse(missing.contains("\n"), missing);
    for (int i = 0; i < 2; i++) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> WasmRuntimes.named("extism"));
      assertEquals("the runtime 'extism' can't be had: " + missing, refused.getMessage());
    }
    Files.copy(Guests.example("header-modifier"), directory.resolve("a.wasm"));
    Files.writeString(directory.resolve("a.plugin.json"), "{\"runtime\": \"extism\"}");
    WasmLoadException load =
        assertThrows(WasmLoadException.class, () -> WasmPluginDirectory.load(directory));
    String text = String.valueOf(load.getMessage());
    assertTrue(text.contains("a.plugin.json: the runtime 'extism' can't be had"), text);
    Files.writeString(directory.resolve("a.plugin.json"), "{\"runtime\": \"interpreted\"}");
    WasmPlugin plugin = WasmPluginDirectory.load(directory).get(0);
    assertEquals("chicory (interpreted)", plugin.status().runtime());
  }
}
