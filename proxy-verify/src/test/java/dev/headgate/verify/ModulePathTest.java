package dev.headgate.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Starts {@link Smoke} as a process of its own, with all of Headgate as modules. */
class ModulePathTest {
  private static final String APPLICATION = "dev.headgate.verify";

  private record Ended(int code, String output) {}

  @Test
  void findsBackendCodingsAndPluginsOnTheModulePath() throws Exception {
    Ended smoke = run(module -> true);
    assertEquals(0, smoke.code, smoke.output);
    for (String line :
        List.of(
            "application in module dev.headgate.verify",
            "backend in module dev.headgate.jetty",
            "guest in module dev.headgate.wasm",
            "codings [br, deflate, gzip, x-gzip, zstd]",
            "answer 200 /hello from smoke/1.0")) {
      assertTrue(smoke.output.contains(line), () -> line + " is missing in:\n" + smoke.output);
    }
  }

  @Test
  void saysSoWhenThereIsNoBackend() throws Exception {
    Ended smoke = run(module -> !module.equals("dev.headgate.jetty"));
    assertNotEquals(0, smoke.code, smoke.output);
    assertTrue(smoke.output.contains("no backend was found"), smoke.output);
  }

  @Test
  void needsNoAutomaticModule() throws Exception {
    assertEquals(
        List.of(),
        modulePath()
            .map(ModulePathTest::descriptor)
            .filter(ModuleDescriptor::isAutomatic)
            .map(ModuleDescriptor::name)
            .toList());
  }

  private static Ended run(Predicate<String> modules) throws Exception {
    String path =
        modulePath()
            .filter(entry -> modules.test(descriptor(entry).name()))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                path,
                "-m",
                APPLICATION + "/" + Smoke.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the run-time class path of this Maven module, as the build wrote it down. */
  private static Stream<Path> modulePath() throws IOException {
    String libraries =
        Files.readString(Path.of(System.getProperty("headgate.modulePathFile"))).strip();
    return Stream.concat(
            Stream.of(System.getProperty("headgate.smokeClasses")),
            Pattern.compile(File.pathSeparator, Pattern.LITERAL).splitAsStream(libraries))
        .map(Path::of);
  }

  private static ModuleDescriptor descriptor(Path entry) {
    Optional<ModuleReference> module = ModuleFinder.of(entry).findAll().stream().findFirst();
    return module.orElseThrow(() -> new AssertionError(entry + " is no module")).descriptor();
  }
}
