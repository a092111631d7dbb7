package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * wrk, with one thread.
 *
 * @param directory for its scripts
 */
record Wrk(Path directory) implements LoadGenerator {
  // The script prints what wrk's own report rounds. Its latencies are in µs.
  private static final String SCRIPT =
      """
      wrk.path = "%s"
      wrk.headers["Host"] = "%s"
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("counted %%d %%d %%d %%d %%d\\n",
          summary.requests, e.connect + e.read + e.write + e.timeout + e.status,
          summary.duration, latency:percentile(50), latency:percentile(99)))
      end
      """;

  private static final Pattern COUNTED =
      Pattern.compile("counted (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double MICROS_PER_MILLI = 1e3;

  @Override
  public Report run(Subject subject, String path, int clients, Duration time)
      throws IOException, InterruptedException {
    Path script = directory.resolve("load.lua");
    Files.writeString(script, SCRIPT.formatted(subject.requestTarget(path), subject.host()));
    List<String> command =
        List.of(
            "wrk",
            "-t1",
            "-c" + clients,
            "-d" + time.toSeconds() + "s",
            "-s",
            script.toString(),
            "http://127.0.0.1:" + subject.port());
    String text = LoadGenerator.output(command, time);
    Matcher counted = COUNTED.matcher(text);
    if (!counted.find()) throw new IOException("wrk counted nothing:\n" + text);
    return new Report(
        Math.max(1, Long.parseLong(counted.group(1))),
        Long.parseLong(counted.group(2)),
        Long.parseLong(counted.group(3)) / MICROS_PER_SECOND,
        Long.parseLong(counted.group(4)) / MICROS_PER_MILLI,
        Long.parseLong(counted.group(5)) / MICROS_PER_MILLI);
  }
}
