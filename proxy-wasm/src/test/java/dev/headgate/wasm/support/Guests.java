package dev.headgate.wasm.support;

import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.WasmPluginBuilder;
import dev.headgate.wasm.runtime.ModuleSource;
import dev.headgate.wasm.runtime.WasmLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The modules that are committed beside their sources. */
public final class Guests {
  /** What holds in tests of anything but time: a loaded machine may pause for long. */
  public static final WasmLimits PATIENT =
      WasmLimits.builder()
          .deadline(Duration.ofSeconds(20))
          .startDeadline(Duration.ofSeconds(20))
          .build();

  private Guests() {}

  /** Begins a plugin whose guest has time. */
  public static WasmPluginBuilder plugin(Path module) {
    return WasmPlugin.builder(module).limits(PATIENT);
  }

  /** Begins a plugin whose guest has time. */
  public static WasmPluginBuilder plugin(byte[] module) {
    return WasmPlugin.builder(module).limits(PATIENT);
  }

  /** An example, such as {@code example-logger}. */
  public static Path example(String name) {
    return Path.of("plugins", name, name + ".wasm");
  }

  /** A guest that only tests need. */
  public static Path test(String name) {
    return Path.of("src", "test", "guests", name + ".wasm");
  }

  public static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ModuleSource source(Path path) {
    return new ModuleSource(path.toString(), bytes(path));
  }
}
