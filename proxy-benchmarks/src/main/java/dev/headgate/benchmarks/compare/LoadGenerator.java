package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that makes load. */
interface LoadGenerator {
  /**
   * What it counted.
   *
   * @param requests completed with the status that was expected
   * @param errors failed, or of another status
   * @param seconds how long it took
   * @param p50Millis the median latency
   * @param p99Millis what 99 of 100 requests took at most
   */
  record Report(long requests, long errors, double seconds, double p50Millis, double p99Millis) {}

  Report run(Subject subject, String path, int clients, Duration time)
      throws IOException, InterruptedException;

  /** Returns the one that this machine has. */
  static LoadGenerator installed(Path directory) {
    if (Tools.find("wrk").isPresent()) return new Wrk(directory);
    if (Tools.find("h2load").isPresent()) return new H2load();
    throw new IllegalStateException(
        "no load generator is installed; on Debian: apt-get install wrk (or nghttp2-client)");
  }

  /** Runs a command to its end, for a bounded time, and returns what it printed. */
  static String output(List<String> command, Duration time)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("load", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(file.toFile())
              .start();
      try {
        if (!process.waitFor(time.toMillis() + 15_000, TimeUnit.MILLISECONDS)) {
          throw new IOException(command.get(0) + " did not end");
        }
      } finally {
        process.destroyForcibly();
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) throw new IOException(command.get(0) + " failed:\n" + text);
      return text;
    } finally {
      Files.delete(file);
    }
  }
}
