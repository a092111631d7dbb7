package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.Outcome;
import dev.headgate.core.config.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every tunnel does once it is open, however it was opened. */
abstract class TunnelContract extends WireTest {
  final TunnelPlugin plugin = new TunnelPlugin();

  /** Both ends of a tunnel. */
  record Ends(Wire client, Wire upstream) {}

  /** Returns a head of these lines. */
  static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** The status that opens it. */
  abstract int status();

  abstract Proxy tunnelProxy(UnaryOperator<ProxyBuilder> settings);

  /** Opens one; the client sends some bytes right behind its request. */
  abstract Ends open(Proxy proxy, Wire client, String early);

  Ends open(Proxy proxy) {
    return open(proxy, client(proxy), "");
  }

  Proxy tunnelProxy() {
    return tunnelProxy(builder -> builder.plugin(plugin));
  }

  @Test
  void bytesGoBothWaysAsTheyAre() {
    Ends ends = open(tunnelProxy());
    for (int i = 0; i < 100; i++) {
      ends.client().send("to \r\n\0" + i + ";");
      assertEquals("to \r\n\0" + i + ";", ends.upstream().read(("to \r\n\0" + i + ";").length()));
      ends.upstream().send("fro\r\n\r\n" + i);
      assertEquals("fro\r\n\r\n" + i, ends.client().read(("fro\r\n\r\n" + i).length()));
    }
    ends.client().close();
    assertEquals("", ends.upstream().readAll());
    ends.upstream().close();
    TunnelPlugin.End end = plugin.awaitEnd();
    assertEquals(new TunnelPlugin.End(Outcome.COMPLETED, "", status(), 890, 890), end);
    assertFalse(plugin.hooks.toString().contains("chunk"), plugin.hooks::toString);
  }

  @Test
  void earlyBytesOfTheClientAreKept() {
    Proxy proxy = tunnelProxy();
    Ends ends = open(proxy, client(proxy), "early");
    assertEquals("early", ends.upstream().read(5));
    ends.client().send("later");
    assertEquals("later", ends.upstream().read(5));
  }

  @Test
  void clientsEndIsPassedOnAndTheOtherDirectionGoesOn() {
    Ends ends = open(tunnelProxy());
    ends.client().send("question").halfClose();
    assertEquals("question", ends.upstream().readAll());
    ends.upstream().send("long ");
    assertEquals("long ", ends.client().read(5));
    ends.upstream().send("answer").close();
    assertEquals("answer", ends.client().readAll());
    assertEquals(new TunnelPlugin.End(Outcome.COMPLETED, "", status(), 8, 11), plugin.awaitEnd());
  }

  @Test
  void upstreamsEndIsPassedOnAndTheOtherDirectionGoesOn() {
    Ends ends = open(tunnelProxy());
    ends.upstream().send("greeting").halfClose();
    assertEquals("greeting", ends.client().readAll());
    ends.client().send("more ");
    assertEquals("more ", ends.upstream().read(5));
    ends.client().send("still").close();
    assertEquals("still", ends.upstream().readAll());
    assertEquals(new TunnelPlugin.End(Outcome.COMPLETED, "", status(), 10, 8), plugin.awaitEnd());
  }

  @Test
  void clientsResetReachesTheUpstreamAsAReset() {
    Ends ends = open(tunnelProxy());
    ends.client().send("x");
    assertEquals("x", ends.upstream().read(1));
    ends.client().reset();
    assertTrue(ends.upstream().endsWithReset());
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void upstreamsResetReachesTheClientAsAReset() {
    Ends ends = open(tunnelProxy());
    ends.upstream().send("x");
    assertEquals("x", ends.client().read(1));
    ends.upstream().reset();
    assertTrue(ends.client().endsWithReset());
    assertEquals(
        new TunnelPlugin.End(Outcome.ABORTED, "upstream_aborted", status(), 0, 1),
        plugin.awaitEnd());
  }

  @Test
  void resetAfterTheOthersEndIsPassedOn() {
    Ends ends = open(tunnelProxy());
    ends.client().halfClose();
    assertEquals("", ends.upstream().readAll());
    ends.upstream().reset();
    assertTrue(ends.client().endsWithReset());
    assertEquals("upstream_aborted", plugin.awaitEnd().code());

    ends = open(tunnelProxy());
    ends.upstream().halfClose();
    assertEquals("", ends.client().readAll());
    ends.client().reset();
    assertTrue(ends.upstream().endsWithReset());
    assertEquals(Outcome.CLIENT_GONE, plugin.awaitEnd().outcome());
  }

  @Test
  void idleTunnelIsBrokenOffOnBothSides() {
    Timeouts idle = Timeouts.builder().tunnelIdle(Duration.ofSeconds(1)).build();
    Ends ends = open(tunnelProxy(builder -> builder.plugin(plugin).timeouts(idle)));
    ends.client().send("a");
    assertEquals("a", ends.upstream().read(1));
    assertTrue(ends.client().endsWithReset());
    assertTrue(ends.upstream().endsWithReset());
    assertEquals(
        new TunnelPlugin.End(Outcome.ABORTED, "tunnel_idle_timeout", status(), 1, 0),
        plugin.awaitEnd());
  }

  @Test
  void tunnelOverItsTotalLimitIsBrokenOffThoughItMoves() {
    Timeouts total = Timeouts.builder().tunnelTotal(Duration.ofMillis(300)).build();
    Ends ends = open(tunnelProxy(builder -> builder.plugin(plugin).timeouts(total)));
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) ends.client().send("tick");
              } catch (RuntimeException e) {
                // broken off
              }
            });
    sender.start();
    ends.upstream().awaitEnd();
    assertEquals("total_timeout", plugin.awaitEnd().code());
    ends.client().awaitEnd();
  }

  @Test
  void limitOnTheExchangeEndsWhenTheTunnelIsOpen() throws Exception {
    Timeouts total = Timeouts.builder().total(Duration.ofMillis(1_500)).build();
    Ends ends = open(tunnelProxy(builder -> builder.plugin(plugin).timeouts(total)));
    long until = System.nanoTime() + 2_000_000_000L;
    while (System.nanoTime() < until) {
      ends.client().send("t");
      assertEquals("t", ends.upstream().read(1));
      Thread.onSpinWait();
    }
  }

  @Test
  void stoppingTheProxyBreaksTunnelsOff() {
    Proxy proxy = tunnelProxy();
    Ends ends = open(proxy);
    proxy.stop(Duration.ofMillis(50));
    assertTrue(ends.client().endsWithReset());
    assertTrue(ends.upstream().endsWithReset());
    assertEquals("stopping", plugin.awaitEnd().code());
  }

  @Test
  void slowReaderStallsTheSender() throws Exception {
    Proxy proxy = tunnelProxy();
    Ends ends = open(proxy);
    assertStalls(ends.client(), ends.upstream());
    assertStalls(ends.upstream(), ends.client());
  }

  /** Sends until nothing moves, then reads all of it. */
  private static void assertStalls(Wire from, Wire to) throws Exception {
    int whole = 64 << 20;
    AtomicLong sent = new AtomicLong();
    Thread sender =
        new Thread(
            () -> {
              byte[] block = new byte[64 << 10];
              while (sent.get() < whole) {
                from.send(block);
                sent.addAndGet(block.length);
              }
            });
    sender.start();
    long before = -1;
    while (before != sent.get()) {
      before = sent.get();
      sender.join(500);
    }
    assertTrue(before < whole, "all of it was taken though nobody reads");
    to.skip(whole);
    sender.join();
    assertEquals(whole, sent.get());
  }

  @Test
  void idleTunnelsHoldNoBufferAndNoThread() throws IOException {
    Proxy proxy = tunnelProxy();
    List<Ends> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Ends ends = open(proxy);
      ends.client().send("a" + i);
      ends.upstream().read(("a" + i).length());
      ends.upstream().send("b" + i);
      ends.client().read(("b" + i).length());
      all.add(ends);
    }
    int threads = Threads.named(engineName()).size();
    assertTrue(threads < all.size() / 2, () -> "threads: " + Threads.named(engineName()));
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!buffers.getLeaks().isEmpty() && System.nanoTime() < deadline) Thread.onSpinWait();
    assertEquals(List.of(), List.copyOf(buffers.getLeaks()), "buffers that are held");
    for (Ends ends : all) {
      ends.client().send("again");
      assertEquals("again", ends.upstream().read(5));
    }
  }
}
