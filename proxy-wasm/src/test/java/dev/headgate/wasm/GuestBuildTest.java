package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.Signature;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.support.Guests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds the examples from their sources where the tools are there, and compares what comes out
 * with what is committed; by their exports, as another version of a compiler makes other bytes. A
 * guest whose tools are missing is shown as skipped.
 */
class GuestBuildTest {
  @TempDir static Path built;
  private static String output = "";

  @BeforeAll
  static void build() throws Exception {
    try {
      Process script =
          new ProcessBuilder("sh", "build-all.sh", built.toAbsolutePath().toString())
              .directory(Path.of("plugins").toFile())
              .redirectErrorStream(true)
              .start();
      script.getOutputStream().close();
      output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = script.waitFor();
      assertTrue(code == 0 || code == 3, output);
    } catch (IOException e) {
      output = "there is no sh: " + e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example-logger",
        "header-modifier",
        "body-rewriter",
        "request-counter",
        "auth-gate",
        "custom-response"
      })
  void committedModuleIsThatOfItsSource(String name) throws Exception {
    Path module = built.resolve(name + ".wasm");
    assumeTrue(Files.exists(module), () -> name + " was not built:\n" + output);
    assertEquals(exports(Guests.example(name)), exports(module));
  }

  private static Map<String, Signature> exports(Path module) throws Exception {
    try (GuestModule loaded =
        WasmRuntimes.interpreted()
            .load(Guests.source(module), WasmLimits.defaults(), HookFunctions.ALL)) {
      return loaded.exports();
    }
  }
}
