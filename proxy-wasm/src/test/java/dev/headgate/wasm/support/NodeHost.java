package dev.headgate.wasm.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The JavaScript host of Extism, with the packages that the lock file names, installed below {@code
 * target} by npm when it is first asked for. The lock file holds versions and hashes and no
 * addresses, so that packages come from the registry that npm is set up with. Where {@code CI=true}
 * what is missing fails the test; elsewhere the test is shown as skipped, with the reason.
 */
public final class NodeHost {
  private static final boolean CI = Boolean.parseBoolean(System.getenv("CI"));
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final String LOCK = "package-lock.json";

  /** A copy of the lock file, written when all that it names is there. */
  private static final Path COMPLETE = INSTALLED.resolve("node_modules").resolve(".complete");

  private NodeHost() {}

  /** Runs a script, and returns what it prints. */
  public static String run(String script, byte[] input) throws IOException, InterruptedException {
    prepare();
    Path errors = INSTALLED.resolve("errors.log");
    Process node =
        new ProcessBuilder("node", INSTALLED.resolve(script).toString())
            .redirectError(errors.toFile())
            .start();
    try {
      try (OutputStream out = node.getOutputStream()) {
        out.write(input);
      }
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (node.waitFor() != 0) throw new AssertionError(Files.readString(errors));
      return output;
    } finally {
      node.destroyForcibly();
    }
  }

  /** Compiles the example that comes with Extism's own kit for AssemblyScript. */
  public static Path exampleOfOthers() throws IOException, InterruptedException {
    prepare();
    String source = "node_modules/@extism/as-pdk/example";
    Path log = INSTALLED.resolve("asc.log");
    Process compiler =
        new ProcessBuilder(
                "node",
                "node_modules/assemblyscript/bin/asc.js",
                source + ".ts",
                "--runtime",
                "incremental",
                "--use",
                "abort=" + source + "/myAbort",
                "--outFile",
                "others.wasm")
            .directory(INSTALLED.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (compiler.waitFor() != 0) throw new AssertionError(Files.readString(log));
    return INSTALLED.resolve("others.wasm");
  }

  private static synchronized void prepare() throws IOException, InterruptedException {
    requireTool("node");
    requireTool("npm");
    Files.createDirectories(INSTALLED);
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = INSTALLED.resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    boolean complete =
        Files.exists(COMPLETE) && Files.mismatch(COMPLETE, INSTALLED.resolve(LOCK)) < 0;
    if (!complete) install();
  }

  private static void install() throws IOException, InterruptedException {
    Path log = INSTALLED.resolve("npm-ci.log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(INSTALLED.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(50, TimeUnit.SECONDS);
    if (!ended) npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0) {
      missing("npm could not install the reference host:\n" + Files.readString(log));
    }
    Files.copy(INSTALLED.resolve(LOCK), COMPLETE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void requireTool(String name) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(name, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0) missing("'" + name + " --version' fails");
    } catch (IOException e) {
      missing("'" + name + "' is not installed, which this test needs");
    }
  }

  private static void missing(String what) {
    if (CI) throw new AssertionError(what);
    Assumptions.abort(what);
  }
}
