package dev.headgate.wasm.chicory;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.wasm.runtime.GuestEnvironment;
import dev.headgate.wasm.runtime.GuestInstance;
import dev.headgate.wasm.runtime.GuestModule;
import dev.headgate.wasm.runtime.GuestVariables;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmTrapException;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.RecordedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modules that break a rule, are broken, or were made to break who reads them. */
class HostileModulesTest {
  private static final WasmLimits LIMITS =
      WasmLimits.builder()
          .fuel(5_000_000)
          .startDeadline(Duration.ofSeconds(20))
          .memoryPages(300)
          .tableElements(5000)
          .build();

  private static GuestEnvironment environment() {
    return new GuestEnvironment(
        Map.of(), new GuestVariables(LIMITS.variableBytes()), new RecordedLog());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fuel-bypass    | is no valid WebAssembly module",
        "unknown-import | imports env.system, which this host does not offer",
        "unknown-import | imports extism:host/env.alloc as (i32) -> i32, but it is (i64) -> i64",
        "unknown-import | imports wasi_snapshot_preview1.fd_write_all, which this host does not",
        "unknown-import | imports env.memory, which is no function",
        "large-memory   | declares 5000 pages of memory, but may have 300",
        "large-table    | declares 9000000 table elements, but may have 5000",
        "shared-memory  | declares shared memory",
      })
  void refusesAtLoad(String guest, String message) {
    WasmLoadException refused = refused(Guests.bytes(Guests.test(guest)), guest);
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains(message.strip()), text);
    assertTrue(text.contains(guest.strip()), text);
  }

  @Test
  void refusesWhatIsTooLarge() {
    WasmLoadException refused = refused(new byte[LIMITS.moduleBytes() + 1], "zeros");
    assertTrue(String.valueOf(refused.getMessage()).contains("over the limit of 4194304"));
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = Guests.bytes(Guests.example("request-counter"));
    int loadable = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        new ChicoryRuntime(false)
            .load(source(Arrays.copyOf(whole, length)), LIMITS, List.of())
            .close();
        loadable++;
      } catch (WasmLoadException expected) {
        assertTrue(String.valueOf(expected.getMessage()).startsWith("module: "));
      }
    }
    // A cut between sections can leave a module that is valid, and has nothing to run.
    assertTrue(loadable < 12, "loadable: " + loadable);
  }

  @Test
  void survivesEveryFlippedByte() {
    byte[] whole = Guests.bytes(Guests.example("header-modifier"));
    for (int i = 0; i < whole.length; i++) {
      byte[] broken = whole.clone();
      broken[i] ^= (byte) 0xff;
      try (GuestModule module = new ChicoryRuntime(false).load(source(broken), LIMITS, List.of());
          GuestInstance guest = module.instantiate(environment())) {
        assertTrue(guest.usable());
      } catch (WasmLoadException | WasmTrapException expected) {
        assertTrue(String.valueOf(expected.getMessage()).startsWith("module"));
      }
    }
  }

  private static ModuleSource source(byte[] bytes) {
    return new ModuleSource("module", bytes);
  }

  private static WasmLoadException refused(byte[] bytes, String name) {
    return assertThrows(
        WasmLoadException.class,
        () ->
            new ChicoryRuntime(true)
                .load(new ModuleSource(name.strip(), bytes), LIMITS, List.of()));
  }
}
