package dev.headgate.benchmarks.guard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.benchmarks.peers.FivePlugins;
import dev.headgate.benchmarks.peers.FixedPlugin;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the engine's threads allocate: the same on a busy machine and on an idle one. A failure says
 * that a change made requests or chunks dearer, or, where that is meant, that a bound here has to
 * move.
 */
class AllocationGuardTest {
  private static final String ENGINE = "guarded";
  // Enough for the JIT to compile what is hot: what it removes is part of what is measured.
  private static final int WARM_UP = 15_000;
  private static final int MEASURED = 5_000;
  // On a busy machine the JIT's own threads may come late: then more rounds are warm-up, too.
  private static final int ROUNDS = 10;
  private static final String REQUEST = "GET /tiny HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nhello.\n";
  private static final String EVENT = "32\r\ndata: " + ".".repeat(42) + "\n\n\r\n";

  private final EngineAllocation allocation = new EngineAllocation(ENGINE);
  private ProxyEngine engine;
  private Origin origin;

  @BeforeEach
  void start() throws IOException {
    engine =
        ProxyEngine.start(
            new EngineOptions(ENGINE, 16, 8 << 20, 64, Duration.ofSeconds(30), 32 * 1024));
    origin = new Origin();
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
    origin.close();
  }

  @Test
  void tinyRequestWithFivePluginsStaysWithinItsBytes() throws Exception {
    double bound = Bounds.BYTES_PER_REQUEST;
    assertWithin(bound, bytesPerRequest(FivePlugins::in, bound), "a tiny request");
  }

  @Test
  void pluginsWithoutHooksCostNothing() throws Exception {
    double bare = bytesPerRequest(proxy -> proxy, Bounds.BYTES_PER_REQUEST);
    double bound = bare * Bounds.NOISE + Bounds.NOISE_BYTES;
    double twenty = bytesPerRequest(AllocationGuardTest::twentyWithoutHooks, bound);
    assertWithin(bound, twenty, "a request past 20 plugins of no hooks");
  }

  @Test
  void passedResponseChunkStaysWithinItsBytes() throws Exception {
    Future<?> served =
        origin.serve(
            wire -> {
              wire.await("\r\n\r\n");
              wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              // Sent one by one: the client asks for each, so that none is merged with another.
              while (wire.readThrough("next")) wire.send(EVENT);
            });
    try (Proxy proxy = proxy(FivePlugins::in);
        Wire client = Wire.to(proxy.uri().getPort())) {
      client.send("POST /events HTTP/1.1\r\nHost: localhost\r\n");
      client.send("Transfer-Encoding: chunked\r\n\r\n");
      client.await("\r\n\r\n");
      passed(client, WARM_UP);
      double bound = Bounds.BYTES_PER_CHUNK;
      // One piece of request body went up for each event that came down.
      double bytes = measured(() -> passed(client, MEASURED), 2 * bound) / 2;
      assertWithin(bound, bytes, "a passed chunk");
    }
    Origin.await(served);
  }

  private static void passed(Wire client, int chunks) throws IOException {
    for (int i = 0; i < chunks; i++) {
      client.send("4\r\nnext\r\n");
      client.await(".\n\n\r\n");
    }
  }

  private interface Round {
    void run() throws IOException;
  }

  /** Measures until what it takes is within a bound, but for so many rounds at most. */
  private double measured(Round round, double bound) throws IOException {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS && least > bound; i++) {
      allocation.start();
      round.run();
      least = Math.min(least, allocation.bytes() / (double) MEASURED);
    }
    return least;
  }

  private double bytesPerRequest(UnaryOperator<ProxyBuilder> plugins, double bound)
      throws Exception {
    Future<?> served =
        origin.serve(
            wire -> {
              while (wire.readThrough("\r\n\r\n")) wire.send(ANSWER);
            });
    double bytes;
    try (Proxy proxy = proxy(plugins);
        Wire client = Wire.to(proxy.uri().getPort())) {
      answered(client, WARM_UP);
      bytes = measured(() -> answered(client, MEASURED), bound);
    }
    // The pooled connection to the origin, so that the next one is accepted.
    engine.close();
    Origin.await(served);
    stop();
    start();
    return bytes;
  }

  private static void answered(Wire client, int requests) throws IOException {
    for (int i = 0; i < requests; i++) {
      client.send(REQUEST);
      client.await("hello.\n");
    }
  }

  private Proxy proxy(UnaryOperator<ProxyBuilder> plugins) {
    return plugins.apply(Proxy.builder().engine(engine).route("/**", origin.uri())).start();
  }

  private static ProxyBuilder twentyWithoutHooks(ProxyBuilder proxy) {
    for (int i = 0; i < 20; i++) {
      proxy.plugin(
          new FixedPlugin(
              PluginMetadata.builder("without-hooks-" + i).build(), new Interceptor() {}));
    }
    return proxy;
  }

  private static void assertWithin(double bound, double bytes, String what) {
    System.out.printf("%s: %.0f bytes, at most %.0f%n", what, bytes, bound);
    assertTrue(bytes <= bound, () -> "%s: %.0f bytes, at most %.0f".formatted(what, bytes, bound));
  }
}
