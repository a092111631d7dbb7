package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Hook;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.support.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another module in the place of one that is in use. */
class ReloadTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void copyFirst() throws IOException {
    file = directory.resolve("guest.wasm");
    Files.copy(Guests.example("header-modifier"), file);
  }

  /** Puts another content into place in one step, as the documentation says. */
  private void replace(byte[] content) throws IOException {
    Path next = directory.resolve("guest.wasm.next");
    Files.write(next, content);
    // Of another time than the first even where the file system's clock is coarse.
    Files.setLastModifiedTime(next, FileTime.from(Instant.now().plusSeconds(10)));
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static HarnessResult get(PluginSession proxy) {
    return proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
  }

  private WasmPluginBuilder builder() {
    return Guests.plugin(file).hooks(Hook.REQUEST);
  }

  @Test
  void reloadOnRequestTakesTheNewContent() throws Exception {
    WasmPlugin plugin = builder().build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      assertEquals("header-modifier", get(proxy).upstream().headers().get("X-Passed"));
      assertFalse(plugin.reload(), "the same content");
      replace(Guests.bytes(Guests.example("request-counter")));
      assertTrue(plugin.reload());
      HarnessResult result = get(proxy);
      assertNull(result.upstream().headers().get("X-Passed"));
      assertEquals("1", result.upstream().headers().get("X-Request-Number"));
      assertEquals(1, plugin.status().instances(), "the old one is closed");
      assertEquals(1, plugin.status().reloads());
    }
  }

  @Test
  void changeOfTheFileIsNoticed() throws Exception {
    WasmPlugin plugin = builder().watch(SECOND).build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      get(proxy);
      proxy.advance(SECOND);
      assertEquals(0, plugin.status().reloads(), "nothing has changed");
      replace(Guests.bytes(Guests.example("request-counter")));
      proxy.advance(SECOND);
      assertEquals("1", get(proxy).upstream().headers().get("X-Request-Number"));
      assertEquals(1, plugin.status().reloads());
    }
  }

  @Test
  void contentThatCantBeLoadedIsTriedOnceAndTheOldOneStays() throws Exception {
    WasmPlugin plugin = builder().watch(SECOND).build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      byte[] module = Guests.bytes(Guests.example("request-counter"));
      replace(Arrays.copyOf(module, module.length / 2));
      proxy.advance(SECOND);
      proxy.advance(SECOND);
      assertEquals(1, plugin.status().failedReloads());
      assertEquals("header-modifier", get(proxy).upstream().headers().get("X-Passed"));
      Files.delete(file);
      proxy.advance(SECOND);
      assertEquals(1, plugin.status().failedReloads(), "no file is no change");
      Files.write(file, module);
      proxy.advance(SECOND);
      assertEquals("1", get(proxy).upstream().headers().get("X-Request-Number"));
    }
  }

  @Test
  void contentWithoutAHookInUseIsRefused() throws Exception {
    WasmPlugin plugin = Guests.plugin(file).build();
    WasmLoadException refused =
        assertThrows(
            WasmLoadException.class,
            () -> plugin.reload(Guests.bytes(Guests.example("custom-response"))));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("no longer exports [on_response_headers]"));
    assertThrows(
        WasmLoadException.class, () -> plugin.reload(Guests.bytes(Guests.test("start-trap"))));
    assertEquals(2, plugin.status().failedReloads());
  }

  @Test
  void variablesOutliveReloads() throws Exception {
    byte[] counter = Guests.bytes(Guests.example("request-counter"));
    WasmPlugin plugin = Guests.plugin(counter).id("counter").hooks(Hook.REQUEST).build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      assertEquals("1", get(proxy).upstream().headers().get("X-Request-Number"));
      assertTrue(plugin.reload(Guests.bytes(Guests.example("header-modifier"))));
      assertNull(get(proxy).upstream().headers().get("X-Request-Number"));
      assertTrue(plugin.reload(counter));
      assertEquals("2", get(proxy).upstream().headers().get("X-Request-Number"));
    }
    assertThrows(IllegalStateException.class, plugin::reload, "there is no file");
  }
}
