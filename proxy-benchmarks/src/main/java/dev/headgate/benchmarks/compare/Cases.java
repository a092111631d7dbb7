package dev.headgate.benchmarks.compare;

import java.util.List;

/** The cases, in the order of the tables. */
final class Cases {
  private static final int MANY = 64;

  private Cases() {}

  static List<Case> all(LoadGenerator generator) {
    return List.of(
        new LoadCase("tiny", "13-byte answers, 64 clients", "/tiny", MANY, generator),
        new LoadCase("10k", "10 KiB answers, 64 clients", "/10k", MANY, generator),
        new LoadCase("one", "13-byte answers, one client", "/tiny", 1, generator),
        new TransferCase("down", "100 MiB, from the upstream to one client", false),
        new TransferCase("up", "100 MiB, from one client to the upstream", true),
        new EventCase(),
        new IdleCase(1_000),
        new IdleCase(5_000),
        new PendingCase("connect", "tunnels (CONNECT)"),
        new PendingCase("h2", "HTTP/2 over TLS to HTTP/1.1"),
        new PendingCase("grpc", "unary gRPC calls"));
  }
}
