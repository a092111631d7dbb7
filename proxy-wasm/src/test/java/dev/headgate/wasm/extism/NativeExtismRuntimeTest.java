package dev.headgate.wasm.extism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.HostFunction;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.RecordedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that is around libextism, without it: {@link NativeExtismContractTest} is with it. */
class NativeExtismRuntimeTest {
  private static final WasmLimits LIMITS =
      WasmLimits.builder()
          .fuel(1234)
          .deadline(Duration.ofNanos(7_000_001))
          .memoryPages(300)
          .tableElements(10_000_000)
          .hostMemoryBytes(1024 * 1024)
          .variableBytes(100)
          .outputBytes(10)
          .logBytes(20)
          .build();

  private final FakeLibrary library = new FakeLibrary();
  private final RecordedLog log = new RecordedLog();
  private final GuestVariables variables = new GuestVariables(100);

  private GuestModule load(String guest, WasmLimits limits, HostFunction... functions)
      throws WasmLoadException {
    return new NativeExtismRuntime(library)
        .load(Guests.source(Guests.test(guest)), limits, List.of(functions));
  }

  private GuestInstance hostile(HostFunction... functions) throws Exception {
    return load("hostile", LIMITS, functions)
        .instantiate(new GuestEnvironment(Map.of("team", "\"red\""), variables, log));
  }

  private static byte[] call(GuestInstance guest) throws WasmTrapException {
    return guest.call("well_behaved", () -> new byte[] {1, 2, 3}, "exchange");
  }

  private FakeLibrary.Instance last() {
    return library.instances.get(library.instances.size() - 1);
  }

  @Test
  void manifestSaysWhatTheSdkCannot() throws Exception {
    hostile().close();
    String manifest = new String(library.manifests.get(1), StandardCharsets.UTF_8);
    String without = manifest.replaceFirst("\"data\":\"[^\"]*\"", "\"data\":\"...\"");
    // 300 pages less the one that it has, and 16 for what is shared.
    assertEquals(
        "{\"wasm\":[{\"name\":\"main\",\"data\":\"...\"}],"
            + "\"memory\":{\"max_pages\":315,\"max_http_response_bytes\":0},"
            + "\"config\":{\"team\":\"\\\"red\\\"\"},\"allowed_hosts\":[],\"timeout_ms\":8}",
        without);
    assertEquals(1234, library.fuel);
  }

  @Test
  void answersAndIsFreedOnce() throws Exception {
    library.guest =
        instance -> {
          instance.output = instance.input;
          return 0;
        };
    GuestInstance guest = hostile();
    assertArrayEquals(new byte[] {1, 2, 3}, call(guest));
    assertTrue(guest.usable());
    guest.close();
    guest.close();
    assertFalse(guest.usable());
    assertThrows(IllegalStateException.class, () -> call(guest));
    for (FakeLibrary.Instance instance : library.instances) assertEquals(1, instance.freed);
  }

  @Test
  void instanceIsNotFreedUnderACall() throws Exception {
    GuestInstance guest = hostile();
    library.guest =
        instance -> {
          guest.close();
          assertEquals(0, instance.freed);
          return 0;
        };
    call(guest);
    assertEquals(1, last().freed);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, timeout, DEADLINE, took longer than 7 ms",
    "-1, plugin ran out of fuel, FUEL, used up its fuel of 1234 instructions",
    "-1, oom, HOST_MEMORY, over its limits",
    "134, wasm trap: call stack exhausted, STACK, used up the stack",
    "134, wasm trap: unreachable, TRAP, unreachable",
    "3, no team, GUEST_ERROR, no team",
    "3, , GUEST_ERROR, returned the error 3",
  })
  void reasonIsToldFromTheLibrarysWords(int code, String error, Reason reason, String message)
      throws Exception {
    library.guest =
        instance -> {
          instance.error = error == null ? "" : error;
          return code;
        };
    try (GuestInstance guest = hostile()) {
      WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest));
      assertEquals(reason, trap.reason());
      assertTrue(String.valueOf(trap.getMessage()).contains(message), trap.getMessage());
      assertEquals(reason == Reason.GUEST_ERROR, guest.usable());
    }
    assertEquals(1, last().freed);
  }

  @Test
  void outputOverTheLimitIsATrap() throws Exception {
    library.guest =
        instance -> {
          instance.output = new byte[11];
          return 0;
        };
    GuestInstance guest = hostile();
    WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(guest));
    assertEquals(Reason.OUTPUT, trap.reason());
    assertEquals(1, last().freed, "an instance that can't be used holds nothing");
  }

  @Test
  void variablesAreThePluginsAndOfCallsThatSucceed() throws Exception {
    library.guest =
        instance -> {
          assertEquals(0, instance.host("var_get", instance.block("a")));
          instance.host("var_set", instance.block("a"), instance.block("1"));
          return 3;
        };
    GuestInstance first = hostile();
    assertThrows(WasmTrapException.class, () -> call(first));
    assertThrows(WasmTrapException.class, () -> call(first), "it was forgotten");
    library.guest =
        instance -> {
          instance.host("var_set", instance.block("a"), instance.block("1"));
          return 0;
        };
    call(first);
    library.guest =
        instance -> {
          long value = instance.host("var_get", instance.block("a"));
          instance.output = instance.blocks.get(value);
          return 0;
        };
    assertEquals("1", new String(call(hostile()), StandardCharsets.UTF_8));
  }

  /** No exception may pass through native code, and nothing may happen after one. */
  @Test
  void functionThatRefusesEndsTheCall() throws Exception {
    HostFunction broken =
        new HostFunction(
            "broken",
            0,
            false,
            (call, arguments) -> {
              assertEquals("exchange", call.exchange());
              throw new IllegalArgumentException("not today");
            });
    library.guest =
        instance -> {
          assertEquals(0, instance.host("broken"));
          instance.host("var_set", instance.block("a"), instance.block("1"));
          instance.error = "timeout";
          return -1;
        };
    WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(hostile(broken)));
    assertEquals(Reason.REFUSED, trap.reason());
    assertTrue(String.valueOf(trap.getMessage()).contains("broken: not today"));
    assertEquals(1, last().cancelled);
    assertEquals(0, variables.bytes());
  }

  @ParameterizedTest
  @CsvSource({
    "var_get, BAD_HANDLE",
    "http_request, REFUSED",
    "var_set, VARIABLES",
    "log_info, HOST_MEMORY"
  })
  void attackOnAFunctionEnds(String function, Reason reason) throws Exception {
    library.guest =
        instance -> {
          switch (function) {
            case "var_get" -> instance.host(function, 77);
            case "var_set" ->
                instance.host(function, instance.block("a"), instance.store(new byte[200]));
            case "log_info" -> instance.host(function, instance.store(new byte[2_000_000]));
            default -> instance.host(function, 0, 0);
          }
          return 0;
        };
    WasmTrapException trap = assertThrows(WasmTrapException.class, () -> call(hostile()));
    assertEquals(reason, trap.reason(), trap.toString());
  }

  @Test
  void linesGoToTheLogAndNoFurtherThanTheirLimit() throws Exception {
    library.guest =
        instance -> {
          assertEquals(2, instance.host("get_log_level"));
          instance.host("log_debug", instance.block("not wanted"));
          instance.host("log_info", instance.block("ten bytes."));
          instance.host("log_warn", instance.block("more than ten"));
          return 0;
        };
    call(hostile());
    assertEquals(List.of("INFO ten bytes.", "WARN 1 lines dropped, over 20 bytes"), log.lines());
  }

  @Test
  void inputOverTheLimitIsATrap() throws Exception {
    GuestInstance guest = hostile();
    byte[] large = new byte[LIMITS.hostMemoryBytes() + 1];
    WasmTrapException trap =
        assertThrows(WasmTrapException.class, () -> guest.call("well_behaved", () -> large, null));
    assertEquals(Reason.HOST_MEMORY, trap.reason());
  }

  @Test
  void limitsThatCannotBeKeptAreRefused() {
    WasmLimits tight =
        WasmLimits.builder()
            .callDepth(10)
            .fuel(2_000_000_000)
            .memoryPages(300)
            .tableElements(5000)
            .build();
    String start = message("start-loop", tight);
    assertTrue(start.contains("libextism can't keep callDepth, which was set to 10"), start);
    assertTrue(start.contains("fuel must be 1000000000 at most, but was 2000000000"), start);
    String table = message("hostile", tight);
    assertTrue(table.contains("tables of up to 10000000 elements"), table);
    assertTrue(table.contains("tableElements, which is 5000"), table);
    assertEquals(List.of(), library.instances, "the library has not seen it");
  }

  @Test
  void modulesAreCheckedAsByTheOtherRuntimes() {
    String refused = message("unknown-import", LIMITS);
    assertTrue(refused.contains("imports env.system, which this host does not offer"), refused);
    library.refuses = "not by me";
    String library = message("well", LIMITS);
    assertTrue(library.contains("libextism refuses it: not by me"), library);
  }

  private String message(String guest, WasmLimits limits) {
    String name = guest.equals("well") ? "no-abi" : guest;
    return String.valueOf(
        assertThrows(WasmLoadException.class, () -> load(name, limits)).getMessage());
  }
}
