package dev.headgate.verify.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The scripts of {@code src/test/node} with the packages that their lock file names, installed
 * below {@code target} by npm when they are first asked for. The lock file holds versions and
 * hashes and no addresses, so that packages come from the registry that npm is set up with.
 */
final class NodeModules {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final String LOCK = "package-lock.json";

  /** A copy of the lock file, written when all that it names is there. */
  private static final Path COMPLETE = INSTALLED.resolve("node_modules").resolve(".complete");

  private NodeModules() {}

  /** Installs what is missing; skips or fails the test if that is not possible. */
  static synchronized void prepare() throws IOException, InterruptedException {
    String version = Tools.version("node", "--version");
    if (Integer.parseInt(version.replaceAll("v(\\d+).*", "$1")) < 18) {
      Tools.missing("these tests need Node 18 or newer, but there is " + version);
    }
    Tools.version("npm", "--version");
    copySources();
    if (!isComplete()) install();
  }

  /** Returns the command that runs a script. */
  static List<String> command(String script, String... arguments) {
    Stream<String> command = Stream.of("node", INSTALLED.resolve(script).toString());
    return Stream.concat(command, Stream.of(arguments)).toList();
  }

  private static void copySources() throws IOException {
    Files.createDirectories(INSTALLED);
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Path copy = INSTALLED.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static boolean isComplete() throws IOException {
    return Files.exists(COMPLETE) && Files.mismatch(COMPLETE, INSTALLED.resolve(LOCK)) < 0;
  }

  private static void install() throws IOException, InterruptedException {
    Path log = INSTALLED.resolve("npm-ci.log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(INSTALLED.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(240, TimeUnit.SECONDS);
    if (!ended) npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0) {
      String what = "npm could not install the SDKs" + (ended ? "" : " in four minutes");
      Tools.missing(what + ":\n" + Files.readString(log));
    }
    Files.copy(INSTALLED.resolve(LOCK), COMPLETE, StandardCopyOption.REPLACE_EXISTING);
  }
}
