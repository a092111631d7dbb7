package dev.headgate.wasm;

import dev.headgate.wasm.runtime.WasmLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds plugins in a directory: each {@code name.wasm} is one. A file {@code name.plugin.json}
 * beside it may say id, version, priority, hooks, configuration, limits and more; without it all is
 * as {@link WasmPlugin#builder(Path)} says.
 */
public final class WasmPluginDirectory {
  private static final String MODULE = ".wasm";
  private static final String SIDE_FILE = ".plugin.json";

  private WasmPluginDirectory() {}

  /**
   * Loads all modules of a directory, not those below it.
   *
   * @param directory the directory
   * @return the plugins, by the names of their files
   * @throws WasmLoadException naming each file that can't be used, and why; then none is
   */
  public static List<WasmPlugin> load(Path directory) throws WasmLoadException {
    return load(directory, builder -> {});
  }

  /**
   * Loads all modules of a directory, not those below it.
   *
   * @param directory the directory
   * @param defaults sets what holds for each module whose side file says nothing else
   * @return the plugins, by the names of their files
   * @throws WasmLoadException naming each file that can't be used, and why; then none is
   */
  public static List<WasmPlugin> load(Path directory, Consumer<? super WasmPluginBuilder> defaults)
      throws WasmLoadException {
    Objects.requireNonNull(defaults, "defaults");
    List<WasmPlugin> plugins = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    WasmLoadException first = null;
    for (Path module : modules(directory)) {
      try {
        plugins.add(plugin(module, defaults));
      } catch (WasmLoadException e) {
        if (first == null) first = e;
        mistakes.add(String.valueOf(e.getMessage()));
      }
    }
    if (first == null) return List.copyOf(plugins);
    throw new WasmLoadException(String.join("\n", mistakes), first);
  }

  private static List<Path> modules(Path directory) throws WasmLoadException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(MODULE))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new WasmLoadException(directory + ": can't be listed: " + e, e);
    }
  }

  private static WasmPlugin plugin(Path module, Consumer<? super WasmPluginBuilder> defaults)
      throws WasmLoadException {
    String name = module.getFileName().toString();
    Path side =
        module.resolveSibling(name.substring(0, name.length() - MODULE.length()) + SIDE_FILE);
    WasmPluginBuilder builder = WasmPlugin.builder(module);
    defaults.accept(builder);
    try {
      if (Files.exists(side)) SideFile.read(Files.readAllBytes(side)).applyTo(builder);
      return builder.build();
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException e) {
      // The settings come from the side file: who reads the message has that to look at.
      throw new WasmLoadException(side + ": " + e.getMessage(), e);
    }
  }
}
