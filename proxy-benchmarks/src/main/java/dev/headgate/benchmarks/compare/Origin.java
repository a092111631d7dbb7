package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The upstreams. */
enum Origin {
  /** nginx with one worker: answers and a large file. */
  FILES {
    @Override
    Running start(Path directory) throws IOException, InterruptedException {
      return DaemonFiles.upstream(Files.createDirectories(directory.resolve("upstream")));
    }
  },

  /** nginx with one worker, answering calls of gRPC over HTTP/2 in cleartext. */
  GRPC {
    @Override
    Running start(Path directory) throws IOException, InterruptedException {
      return DaemonFiles.grpcUpstream(Files.createDirectories(directory.resolve("grpc")));
    }
  },

  /** This module's own: event streams, and a sink for large bodies. */
  STREAMS {
    @Override
    Running start(Path directory) throws IOException {
      return Running.jvm(
          Java.command(
              System.getProperty("java.class.path"),
              "dev.headgate.benchmarks.upstream.StreamUpstream"),
          directory.resolve("streams.log"));
    }
  };

  abstract Running start(Path directory) throws IOException, InterruptedException;
}
