package dev.headgate.wasm.chicory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Every limit attacked, compiled and interpreted. The attacks are in {@code hostile.wat}. */
class HostileGuestsTest {
  /** Limits that a test can reach in a moment. */
  private static final WasmLimits LIMITS =
      WasmLimits.builder()
          .fuel(5_000_000)
          .deadline(Duration.ofSeconds(20))
          .startDeadline(Duration.ofSeconds(20))
          .memoryPages(300)
          .tableElements(5000)
          .hostMemoryBytes(4 << 20)
          .variableBytes(100_000)
          .outputBytes(1 << 20)
          .build();

  /** So much fuel that only the deadline is left. */
  private static final WasmLimits SHORT =
      WasmLimits.builder()
          .fuel(Long.MAX_VALUE / 2)
          .deadline(Duration.ofMillis(100))
          .startDeadline(Duration.ofSeconds(20))
          .memoryPages(300)
          .build();

  private final RecordedLog log = new RecordedLog();

  private GuestInstance hostile(boolean compiled, WasmLimits limits) throws Exception {
    GuestModule module =
        new ChicoryRuntime(compiled).load(Guests.source(Guests.test("hostile")), limits, List.of());
    return module.instantiate(environment(limits));
  }

  private GuestEnvironment environment(WasmLimits limits) {
    return new GuestEnvironment(Map.of(), new GuestVariables(limits.variableBytes()), log);
  }

  private static byte[] call(GuestInstance guest, String export) throws WasmTrapException {
    return guest.call(export, () -> new byte[] {1, 2, 3}, null);
  }

  @ParameterizedTest
  @CsvSource({
    "endless_loop, FUEL",
    "endless_nested_loop, FUEL",
    "endless_recursion, CALL_DEPTH",
    "recursion_by_table, CALL_DEPTH",
    "recursion_with_host_calls, CALL_DEPTH",
    "memory_filling, FUEL",
    "memory_out_of_bounds, TRAP",
    "unreachable_code, TRAP",
    "division_by_zero, TRAP",
    "undefined_element, TRAP",
    "host_memory_at_once, HOST_MEMORY",
    "host_memory_negative, HOST_MEMORY",
    "host_memory_bit_by_bit, HOST_MEMORY",
    "variables, VARIABLES",
    "variable_then_trap, TRAP",
    "output_too_large, OUTPUT",
    "output_range_overflows, BAD_HANDLE",
    "output_range_negative, BAD_HANDLE",
    "output_length_negative, BAD_HANDLE",
    "output_beyond_blocks, BAD_HANDLE",
    "load_at_zero, BAD_HANDLE",
    "load_negative, BAD_HANDLE",
    "load_across_the_end, BAD_HANDLE",
    "load_nan, BAD_HANDLE",
    "store_at_zero, BAD_HANDLE",
    "store_behind_2_to_32, BAD_HANDLE",
    "input_out_of_bounds, BAD_HANDLE",
    "variable_of_no_block, BAD_HANDLE",
    "log_inside_a_block, BAD_HANDLE",
    "network, REFUSED",
  })
  void attackEndsAtItsLimit(String attack, Reason reason) throws Exception {
    for (boolean compiled : new boolean[] {true, false}) {
      try (GuestInstance guest = hostile(compiled, LIMITS)) {
        long start = System.nanoTime();
        WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest, attack));
        long micros = (System.nanoTime() - start) / 1000;
        System.out.printf(
            "%-26s %-11s %-12s %8d us%n",
            attack, compiled ? "compiled" : "interpreted", trap.reason(), micros);
        assertEquals(reason, trap.reason(), trap.toString());
        assertTrue(String.valueOf(trap.getMessage()).contains(attack), trap.getMessage());
        assertFalse(guest.usable());
        assertThrows(IllegalStateException.class, () -> call(guest, "well_behaved"));
      }
      try (GuestInstance next = hostile(compiled, LIMITS)) {
        assertEquals("ok", text(call(next, "well_behaved")));
      }
    }
    assertFalse(Thread.interrupted(), "nothing is left of an interrupt");
  }

  /** What is no attack, although it looks like one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "well_behaved",
        "host_memory_freed",
        "output_over_two_blocks",
        "lengths_and_frees_of_no_block",
        "log_flood"
      })
  void harmlessCallReturns(String export) throws Exception {
    for (boolean compiled : new boolean[] {true, false}) {
      try (GuestInstance guest = hostile(compiled, LIMITS)) {
        call(guest, export);
        assertTrue(guest.usable());
        assertEquals("ok", text(call(guest, "well_behaved")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deadlineEndsWhatFuelDoesNot(boolean compiled) throws Exception {
    for (String attack : List.of("endless_loop", "memory_filling")) {
      try (GuestInstance guest = hostile(compiled, SHORT)) {
        long start = System.nanoTime();
        WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest, attack));
        System.out.printf(
            "deadline of 100 ms: %s, %s, ended after %d ms%n",
            attack, compiled ? "compiled" : "interpreted", (System.nanoTime() - start) / 1_000_000);
        assertEquals(Reason.DEADLINE, trap.reason(), trap.toString());
        assertFalse(Thread.interrupted(), "the watchdog's interrupt is cleared");
        assertFalse(guest.usable());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void interruptOfOthersIsKept(boolean compiled) throws Exception {
    WasmLimits endless =
        WasmLimits.builder().fuel(Long.MAX_VALUE / 2).deadline(Duration.ofSeconds(50)).build();
    try (GuestInstance guest = hostile(compiled, endless)) {
      Thread.currentThread().interrupt();
      WasmTrapException trap =
          assertThrows(WasmTrapException.class, () -> call(guest, "endless_loop"));
      assertEquals(Reason.INTERRUPTED, trap.reason());
      assertTrue(Thread.interrupted(), "the interrupt was not for the guest");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void growthEndsAtTheLimit(boolean compiled) throws Exception {
    try (GuestInstance guest = hostile(compiled, LIMITS)) {
      assertEquals("300", lastNumber(guest, "memory_growth"));
      assertEquals("4001", lastNumber(guest, "table_growth"), "by 1000 from 1 to 5000 at most");
      assertTrue(guest.usable(), "to be told no is no trap");
    }
  }

  private static String lastNumber(GuestInstance guest, String export) {
    WasmTrapException error = assertThrows(WasmTrapException.class, () -> call(guest, export));
    assertEquals(Reason.GUEST_ERROR, error.reason(), error.toString());
    return String.valueOf(error.getMessage()).replaceAll(".* ", "");
  }

  @Test
  void instancesDoNotShareTheGrowthOfTables() throws Exception {
    GuestModule module =
        new ChicoryRuntime(true)
            .load(Guests.source(Guests.test("table-growth")), LIMITS, List.of());
    for (int i = 0; i < 3; i++) {
      try (GuestInstance guest = module.instantiate(environment(LIMITS))) {
        assertEquals("1", lastNumber(guest, "grow"));
      }
    }
  }

  @Test
  void variablesOfATrappedCallAreForgotten() throws Exception {
    GuestModule module =
        new ChicoryRuntime(true).load(Guests.source(Guests.test("hostile")), LIMITS, List.of());
    GuestEnvironment shared = environment(LIMITS);
    for (int i = 0; i < 2; i++) {
      try (GuestInstance guest = module.instantiate(shared)) {
        WasmTrapException trap =
            assertThrows(WasmTrapException.class, () -> call(guest, "variable_then_trap"));
        assertEquals(Reason.TRAP, trap.reason(), "the variable was there");
      }
    }
    assertEquals(0, shared.variables().bytes());
  }

  @Test
  void logLinesOverTheLimitAreDroppedAndCounted() throws Exception {
    try (GuestInstance guest = hostile(true, LIMITS)) {
      call(guest, "log_flood");
    }
    assertEquals(LIMITS.logBytes() / 100 + 1, log.lines().size());
    assertEquals(
        "WARN " + (5000 - LIMITS.logBytes() / 100) + " lines dropped, over 16384 bytes",
        log.lines().get(log.lines().size() - 1));
  }

  @Test
  void errorThatIsNoBlockIsStillAnError() throws Exception {
    try (GuestInstance guest = hostile(true, LIMITS)) {
      assertEquals("1", lastNumber(guest, "error_of_no_block"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startSectionIsGuardedToo(boolean compiled) throws Exception {
    WasmLimits shortStart =
        WasmLimits.builder().fuel(Long.MAX_VALUE / 2).startDeadline(Duration.ofMillis(100)).build();
    GuestModule loops =
        new ChicoryRuntime(compiled)
            .load(Guests.source(Guests.test("start-loop")), shortStart, List.of());
    WasmTrapException late =
        assertThrows(WasmTrapException.class, () -> loops.instantiate(environment(shortStart)));
    assertEquals(Reason.DEADLINE, late.reason(), late.toString());
    GuestModule metered =
        new ChicoryRuntime(compiled)
            .load(Guests.source(Guests.test("start-loop")), LIMITS, List.of());
    WasmTrapException spent =
        assertThrows(WasmTrapException.class, () -> metered.instantiate(environment(LIMITS)));
    assertEquals(Reason.FUEL, spent.reason(), spent.toString());
    GuestModule recursive =
        new ChicoryRuntime(compiled)
            .load(Guests.source(Guests.test("start-recursion")), LIMITS, List.of());
    WasmTrapException deep =
        assertThrows(WasmTrapException.class, () -> recursive.instantiate(environment(LIMITS)));
    assertEquals(Reason.CALL_DEPTH, deep.reason(), deep.toString());
    assertFalse(Thread.interrupted());
  }

  /** Where the limit allows more than the thread has room for, the thread's stack is the limit. */
  @ParameterizedTest
  @CsvSource({
    "endless_recursion, true",
    "endless_recursion, false",
    "recursion_by_table, true",
    "recursion_by_table, false",
    "recursion_with_host_calls, true",
    "recursion_with_host_calls, false"
  })
  void recursionEndsWithTheStackAtTheLatest(String attack, boolean compiled) throws Exception {
    WasmLimits deep =
        WasmLimits.builder().callDepth(Integer.MAX_VALUE).deadline(Duration.ofSeconds(20)).build();
    try (GuestInstance guest = hostile(compiled, deep)) {
      WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest, attack));
      assertEquals(Reason.STACK, trap.reason(), trap.toString());
      assertFalse(guest.usable());
    }
    try (GuestInstance next = hostile(compiled, deep)) {
      assertEquals("ok", text(call(next, "well_behaved")));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void inputIsMadeBeforeTheCallAndOnlyForThoseWhoReadIt() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Supplier<byte[]> input =
        () -> {
          made.incrementAndGet();
          return new byte[1];
        };
    try (GuestInstance reads = hostile(true, LIMITS)) {
      reads.call("well_behaved", input, null);
      assertEquals(1, made.get(), "although the export does not read it");
    }
    GuestModule module =
        new ChicoryRuntime(true)
            .load(Guests.source(Guests.example("example-logger")), LIMITS, List.of());
    try (GuestInstance doesNot = module.instantiate(environment(LIMITS))) {
      doesNot.call("on_request", input, null);
      assertEquals(1, made.get());
    }
  }

  @Test
  void logThatThrowsLeavesTheInstanceUsable() throws Exception {
    AtomicInteger lines = new AtomicInteger();
    GuestEnvironment.Log broken =
        new GuestEnvironment.Log() {
          @Override
          public boolean enabled(Level level) {
            return true;
          }

          @Override
          public void line(Level level, String line) {
            if (lines.incrementAndGet() == 1) throw new IllegalStateException("disk full");
          }
        };
    GuestModule module =
        new ChicoryRuntime(true)
            .load(Guests.source(Guests.example("example-logger")), LIMITS, List.of());
    GuestVariables variables = new GuestVariables(LIMITS.variableBytes());
    try (GuestInstance guest =
        module.instantiate(new GuestEnvironment(Map.of(), variables, broken))) {
      assertThrows(IllegalStateException.class, () -> call(guest, "on_request"));
      call(guest, "on_request");
      assertEquals(2, lines.get());
    }
  }

  @Test
  void inputOverTheLimitIsATrap() throws Exception {
    try (GuestInstance guest = hostile(true, LIMITS)) {
      byte[] large = new byte[LIMITS.hostMemoryBytes() + 1];
      WasmTrapException trap =
          assertThrows(
              WasmTrapException.class, () -> guest.call("well_behaved", () -> large, null));
      assertEquals(Reason.HOST_MEMORY, trap.reason());
    }
  }
}
