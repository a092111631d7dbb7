package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.Proxy;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of exchanges that are broken off in one phase or another leave nothing behind. */
class AbortStormTest extends WireTest {
  private static final int EXCHANGES = 2000;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Those of the pool, a timer's, and some that did what blocks. */
  private static final int MOST_THREADS = 32;

  @Override
  EngineOptions options() {
    return new EngineOptions(engineName(), 16, 8 << 20, 512, Duration.ofSeconds(30), 32 * 1024);
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.count();
    }
  }

  /** Waits for so few: a socket's is given back by the next selection, when its peer knows. */
  private static void awaitDescriptors(long most) throws IOException {
    long deadline = System.nanoTime() + Wire.CEILING_MILLIS * 1_000_000L;
    for (long now = descriptors(); now > most; now = descriptors()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("descriptors: " + now + " where there should be " + most);
      }
      Thread.onSpinWait();
    }
  }

  /** What the origin does by the target's first letter. */
  private static void script(Wire wire) throws IOException {
    while (true) {
      Wire.Head head = wire.readHead();
      switch (head.line().charAt(head.line().indexOf('/') + 1)) {
        case 's' -> wire.awaitEnd(); // silent
        case 'e' -> { // an event, then silent
          wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          wire.sendChunk("event");
          wire.awaitEnd();
        }
        case 'b' -> { // big
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
          wire.send(new byte[1_000_000]);
          wire.awaitEnd();
        }
        case 'u' -> wire.awaitEnd(); // takes an upload
        case 'r' -> wire.reset();
        default -> wire.send(ok("x"));
      }
    }
  }

  @Test
  @Timeout(300) // thousands of cases
  void leavesNothing() throws Exception {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "no /proc: descriptors can't be counted");
    origin.serve(AbortStormTest::script);
    TestPlugin plugin = new TestPlugin(ctx -> RequestDecision.proceed());
    Proxy proxy = proxy(b -> b.plugin(plugin));
    storm(proxy, 200);
    for (int i = 0; i < 200; i++) plugin.awaitEnd();
    awaitQuiet(proxy);
    long before = descriptors();

    storm(proxy, EXCHANGES);
    for (int i = 0; i < EXCHANGES; i++) plugin.awaitEnd();
    awaitQuiet(proxy);

    assertEquals(0, proxy.inFlight());
    Set<String> threads = Threads.named(engineName());
    assertTrue(threads.size() <= MOST_THREADS, threads::toString);
    awaitDescriptors(before + 5);
    assertEquals(0, buffers.getLeaks().size(), buffers::dumpLeaks);
    Wire client = client(proxy);
    client.send(get("/x"));
    assertEquals("x", client.readBody(client.readHead()));
  }

  private void storm(Proxy proxy, int count) {
    for (int i = 0; i < count; i++) {
      try (Wire client = Wire.connect(proxy.port())) {
        switch (i % 5) {
          case 0 -> client.send(get("/s"));
          case 1 -> {
            client.send(get("/e"));
            client.readHead();
            client.readChunk();
          }
          case 2 -> {
            client.send(get("/b"));
            client.readHead();
          }
          case 3 ->
              client.send(
                  "POST /u HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc");
          default -> {
            client.send(get("/r"));
            assertEquals(502, client.readHead().status());
          }
        }
        if (i % 2 == 0) client.reset();
      }
    }
  }

  /** Waits until the origin's connections have ended, but for those that wait to be used again. */
  private void awaitQuiet(Proxy proxy) throws InterruptedException {
    long deadline = System.nanoTime() + Wire.CEILING_MILLIS * 1_000_000L;
    while (origin.open() > 0 || proxy.inFlight() > 0 || !buffers.getLeaks().isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            origin.open()
                + " connections, "
                + proxy.inFlight()
                + " exchanges, "
                + buffers.dumpLeaks());
      }
      Thread.onSpinWait();
    }
  }
}
