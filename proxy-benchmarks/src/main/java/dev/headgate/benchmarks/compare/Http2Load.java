package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * h2load, speaking HTTP/2.
 *
 * @param streams how many requests each client has under way
 */
record Http2Load(int streams) implements LoadGenerator {
  /** An empty message, as gRPC frames it. */
  private static final byte[] CALL = new byte[5];

  @Override
  public Report run(Subject subject, String path, int clients, Duration time)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("h2load", ".log");
    Path call = Files.createTempFile("call", ".grpc");
    try {
      Files.write(call, CALL);
      List<String> command = new ArrayList<>(List.of("h2load", "-t1", "-c" + clients));
      command.addAll(List.of("-m" + streams, "-D" + time.toSeconds(), "--log-file=" + log));
      if (subject.way() == Way.GRPC) {
        command.addAll(List.of("-d", call.toString()));
        command.addAll(List.of("-H", "content-type: application/grpc", "-H", "te: trailers"));
      }
      String scheme = subject.way() == Way.SECURE ? "https://" : "http://";
      command.add(scheme + subject.host() + path);
      return H2load.report(LoadGenerator.output(command, time), log, time);
    } finally {
      Files.delete(log);
      Files.delete(call);
    }
  }
}
