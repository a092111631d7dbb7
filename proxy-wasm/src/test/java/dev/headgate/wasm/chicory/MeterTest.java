package dev.headgate.wasm.chicory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.RecordedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is added to modules changes none of their answers, and counts levels both ways. */
class MeterTest {
  private static GuestInstance guest(String name, boolean compiled, int callDepth)
      throws Exception {
    WasmLimits limits =
        WasmLimits.builder().callDepth(callDepth).deadline(Duration.ofSeconds(30)).build();
    return new ChicoryRuntime(compiled)
        .load(Guests.source(Guests.test(name)), limits, List.of())
        .instantiate(new GuestEnvironment(Map.of(), new GuestVariables(1000), new RecordedLog()));
  }

  private static void call(GuestInstance guest, String export) throws WasmTrapException {
    guest.call(export, () -> new byte[0], null);
  }

  @ParameterizedTest
  @CsvSource({
    "returns, true", "returns, false", "branches, true", "branches, false",
    "pairs, true", "pairs, false", "references, true", "references, false",
    "nothings, true", "nothings, false", "tables, true", "tables, false",
  })
  void functionIsLeftInAnyWayAndItsLevelGivenBack(String export, boolean compiled)
      throws Exception {
    try (GuestInstance guest = guest("leaving", compiled, 4)) {
      for (int i = 0; i < 2; i++) call(guest, export); // an error is the number of wrong answers
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tailCallsAreNotDeep(boolean compiled) throws Exception {
    try (GuestInstance guest = guest("tail-calls", compiled, 4)) {
      call(guest, "chain");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void depthIsCountedFromTheExport(boolean compiled) throws Exception {
    try (GuestInstance guest = guest("tail-calls", compiled, 10)) {
      call(guest, "depth_within");
      WasmTrapException trap =
          assertThrows(WasmTrapException.class, () -> call(guest, "depth_beyond"));
      assertEquals(Reason.CALL_DEPTH, trap.reason());
      String message = String.valueOf(trap.getMessage());
      assertTrue(message.contains("called more than 10 functions deep"), message);
    }
  }
}
