package dev.headgate.wasm.extism;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.WasmRuntimes;
import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.RecordedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of guests on libextism itself. The library comes with no repository that the build
 * reaches, so that these are shown as skipped where nobody installed it, in CI too.
 */
class NativeExtismContractTest {
  /** With a table as large as a guest may ask for: the library can't stop tables from growing. */
  private static final WasmLimits.Builder LIMITS =
      WasmLimits.builder().tableElements(10_000_000).memoryPages(300);

  private final RecordedLog log = new RecordedLog();

  @BeforeEach
  void needsTheLibrary() {
    String missing = NativeExtismRuntime.missing();
    Assumptions.assumeTrue(missing == null, () -> "libextism is not installed: " + missing);
  }

  private GuestInstance hostile(WasmLimits limits) throws Exception {
    GuestModule module =
        NativeExtismRuntime.get().load(Guests.source(Guests.test("hostile")), limits, List.of());
    GuestVariables variables = new GuestVariables(limits.variableBytes());
    return module.instantiate(new GuestEnvironment(Map.of(), variables, log));
  }

  private static byte[] call(GuestInstance guest, String export) throws WasmTrapException {
    return guest.call(export, () -> new byte[] {1, 2, 3}, null);
  }

  @ParameterizedTest
  @CsvSource({
    "endless_loop, FUEL",
    "endless_recursion, STACK",
    "unreachable_code, TRAP",
    "division_by_zero, TRAP",
    "variables, VARIABLES",
    "output_too_large, OUTPUT",
    "network, REFUSED",
  })
  void attackEndsAtItsLimit(String attack, Reason reason) throws Exception {
    WasmLimits limits = LIMITS.fuel(50_000_000).deadline(Duration.ofSeconds(20)).build();
    try (GuestInstance guest = hostile(limits)) {
      WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest, attack));
      assertEquals(reason, trap.reason(), trap.toString());
      assertFalse(guest.usable());
    }
    try (GuestInstance next = hostile(limits)) {
      assertEquals("ok", new String(call(next, "well_behaved"), StandardCharsets.UTF_8));
    }
  }

  @Test
  void deadlineEndsWhatFuelDoesNot() throws Exception {
    WasmLimits limits = LIMITS.fuel(Long.MAX_VALUE / 2).deadline(Duration.ofMillis(100)).build();
    try (GuestInstance guest = hostile(limits)) {
      WasmTrapException trap =
          assertThrows(WasmTrapException.class, () -> call(guest, "endless_loop"));
      assertEquals(Reason.DEADLINE, trap.reason(), trap.toString());
    }
  }

  @Test
  void pluginsWorkAsOnTheDefaultRuntime() throws Exception {
    WasmPlugin plugin =
        WasmPlugin.builder(Guests.example("header-modifier"))
            .config("team", "blue")
            .runtime(WasmRuntimes.named("extism"))
            .build();
    HarnessResult result =
        PluginHarness.with(plugin).request("GET", "/").upstreamAnswers(200, "hello").run();
    assertEquals("blue", result.upstream().headers().get("X-Team"));
    assertEquals(0, result.faults());
    assertTrue(plugin.status().runtime().startsWith("extism (native, "));
  }
}
