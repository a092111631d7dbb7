package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients of HTTP/2 that send what costs them little and others much (rule 31, RFC 9113 section
 * 10.5), and those that only look as if.
 */
class Http2FloodsTest extends Http2WireTest {
  /** CVE-2024-27316 and its kin: a head that never ends. */
  @Test
  void floodOfContinuationsEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(REQUEST));
    assertFlooded(
        client, c -> c.send(Frames.CONTINUATION, 0, 1, Frames.block("a: " + "b".repeat(8000))));
  }

  @Test
  void floodOfEmptyContinuationsEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(REQUEST));
    assertFlooded(client, c -> c.send(Frames.CONTINUATION, 0, 1, new byte[0]));
  }

  @Test
  void floodOfPingsEndsTheConnection() {
    assertFlooded(h2(proxy()), Frames::ping);
  }

  @Test
  void floodOfSettingsEndsTheConnection() {
    assertFlooded(h2(proxy()), c -> c.settings(INITIAL_WINDOW_SIZE, 70_000));
  }

  @Test
  void floodOfPrioritiesEndsTheConnection() {
    assertFlooded(h2(proxy()), c -> c.send(Frames.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}));
  }

  @Test
  void floodOfEmptyDataEndsTheConnection() {
    Proxy proxy = proxy();
    Frames client = h2(proxy).post(1, "/");
    origin.accept().readHead();
    assertFlooded(client, c -> c.data(1, false, ""));
  }

  /** Some clients measure the way with a ping for what they get, or reset what they have whole. */
  @Test
  @Timeout(300) // thousands of exchanges, one after the other
  void pingsAndResetsAfterAnswersAreNoFlood() {
    Proxy proxy = proxy();
    origin.serve(
        wire -> {
          while (true) {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          }
        });
    Frames client = h2(proxy);
    for (int i = 0; i < 3000; i++) {
      int id = 1 + 2 * i;
      client.get(id, "/");
      assertEquals(200, client.of(id).status());
      assertEquals("ok", client.body(id));
      client.reset(id, 8).ping();
    }
  }

  private static void assertFlooded(Frames client, Consumer<Frames> sends) {
    Thread reader = new Thread(client::awaitEnd);
    reader.start(); // lest the answers to the flood fill the sockets
    int sent = 0;
    try {
      for (; sent < 200_000; sent++) sends.accept(client);
    } catch (java.io.UncheckedIOException e) {
      // It ended it.
    }
    int most = sent;
    assertTrue(sent < 200_000, () -> "still open after " + most);
  }

  /** CVE-2023-44487: streams that are opened and reset at once. */
  @Test
  void rapidResetEndsTheConnectionAndTheUpstreamIsFree() throws Exception {
    Proxy proxy = proxy();
    origin.serve(Wire::readAll);
    Frames client = h2(proxy);
    int sent = 0;
    try {
      for (int id = 1; sent < 100_000; id += 2, sent++) client.get(id, "/").reset(id, 8);
    } catch (java.io.UncheckedIOException e) {
      // It ended it.
    }
    assertTrue(sent < 100_000);
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (proxy.inFlight() > 0 || origin.open() > 0) {
      assertTrue(System.nanoTime() < deadline, "exchanges are left");
      Thread.onSpinWait();
    }
  }

  @Test
  void streamsBeyondTheLimitAreRefused() {
    Proxy proxy = proxy();
    origin.serve(Wire::readAll);
    Frames client = h2(proxy);
    for (int i = 0; i < 129; i++) client.get(1 + 2 * i, "/");
    Frames.Frame reset = client.await(Frames.RST_STREAM);
    assertEquals(Frames.REFUSED_STREAM, reset.code());
    assertEquals(257, reset.stream());
    assertNull(reset.get("x"));
  }
}
