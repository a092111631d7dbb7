package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;

/**
 * Where and when something was measured.
 *
 * @param date the day, in UTC
 * @param processor its name
 * @param cores how many of them
 * @param jvm the JVM of the peers
 */
record Machine(String date, String processor, int cores, String jvm) {
  static Machine here() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
    String processor =
        lines.stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse(System.getProperty("os.arch"));
    return new Machine(
        LocalDate.now(Clock.systemUTC()).toString(),
        processor,
        Runtime.getRuntime().availableProcessors(),
        "JDK " + Runtime.version().feature());
  }

  @Override
  public String toString() {
    return date + ", " + cores + " cores of " + processor + ", " + jvm;
  }
}
