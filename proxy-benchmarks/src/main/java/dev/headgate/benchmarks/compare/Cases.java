package dev.headgate.benchmarks.compare;

import java.util.List;

/** The cases, in the order of the tables. */
final class Cases {
  private static final int MANY = 64;
  private static final int FEW = 8;

  private Cases() {}

  static List<Case> all(LoadGenerator generator) {
    return List.of(
        new LoadCase("tiny", "13-byte answers, 64 clients", "/tiny", MANY, generator),
        new LoadCase("10k", "10 KiB answers, 64 clients", "/10k", MANY, generator),
        new LoadCase("one", "13-byte answers, one client", "/tiny", 1, generator),
        new TransferCase("down", "100 MiB, from the upstream to one client", false, Way.PLAIN),
        new TransferCase("up", "100 MiB, from one client to the upstream", true, Way.PLAIN),
        new EventCase(),
        new IdleCase(1_000),
        new IdleCase(5_000),
        new TransferCase("connect", "100 MiB to one client, through a tunnel", false, Way.TUNNEL),
        new LoadCase(
            "h2",
            "13-byte answers, 8 clients with 8 streams each, HTTP/2 over TLS to HTTP/1.1",
            "/tiny",
            FEW,
            new Http2Load(FEW),
            Origin.FILES,
            Way.SECURE),
        new LoadCase(
            "grpc",
            "unary gRPC calls, 8 clients with 8 streams each, HTTP/2 in cleartext both ways",
            "/greeter.Greeter/Hello",
            FEW,
            new Http2Load(FEW),
            Origin.GRPC,
            Way.GRPC));
  }
}
