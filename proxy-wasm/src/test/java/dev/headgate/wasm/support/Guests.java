package dev.headgate.wasm.support;

import dev.headgate.wasm.runtime.ModuleSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The modules that are committed beside their sources. */
public final class Guests {
  private Guests() {}

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
