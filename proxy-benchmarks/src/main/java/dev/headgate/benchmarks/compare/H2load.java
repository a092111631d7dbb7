package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** h2load, speaking HTTP/1.1. It can't name the upstream of a forward proxy. */
record H2load() implements LoadGenerator {
  private static final Pattern DONE =
      Pattern.compile("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
  private static final double MICROS_PER_MILLI = 1e3;

  @Override
  public Report run(Subject subject, String path, int clients, Duration time)
      throws IOException, InterruptedException {
    if (subject.forward()) throw new IOException("h2load speaks to no forward proxy; wrk does");
    Path log = Files.createTempFile("h2load", ".log");
    try {
      String url = "http://" + subject.host() + path;
      List<String> command =
          List.of(
              "h2load",
              "--h1",
              "-t1",
              "-c" + clients,
              "-D" + time.toSeconds(),
              "--log-file=" + log,
              url);
      return report(LoadGenerator.output(command, time), log, time);
    } finally {
      Files.delete(log);
    }
  }

  /** Reads what it printed, and its log of latencies. */
  static Report report(String text, Path log, Duration time) throws IOException {
    Matcher done = DONE.matcher(text);
    if (!done.find()) throw new IOException("h2load counted nothing:\n" + text);
    double[] micros = latencies(log);
    return new Report(
        Math.max(1, Long.parseLong(done.group(2))),
        Long.parseLong(done.group(3)),
        time.toSeconds(),
        Quantiles.of(micros, 0.5) / MICROS_PER_MILLI,
        Quantiles.of(micros, 0.99) / MICROS_PER_MILLI);
  }

  /** Reads the log: a line for each request, with its start, its status and its latency in µs. */
  private static double[] latencies(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.mapToDouble(line -> Double.parseDouble(line.split("\t", -1)[2])).toArray();
    }
  }
}
