package dev.headgate.verify.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that tests need and that a machine may lack. Where {@code CI=true} one that is missing
 * fails the test; elsewhere the test is shown as skipped, with the reason.
 */
final class Tools {
  private static final boolean CI = Boolean.parseBoolean(System.getenv("CI"));

  private Tools() {}

  /** Returns the first line of what a command prints, or misses it. */
  static String version(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) return output.strip().lines().findFirst().orElse("");
      return missing(List.of(command) + " ends with " + process.exitValue());
    } catch (IOException e) {
      return missing("'" + command[0] + "' is not installed, which this test needs");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Fails or skips the test. */
  static String missing(String what) {
    if (CI) throw new AssertionError(what);
    return Assumptions.abort(what);
  }
}
