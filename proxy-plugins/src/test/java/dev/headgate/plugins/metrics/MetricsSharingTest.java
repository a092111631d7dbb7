package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.headgate.api.Session;
import dev.headgate.plugins.metrics.ScriptedApi.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several proxies with one plugin object, one session, or both. Other processes: MetricsCrashTest.
 */
class MetricsSharingTest {
  @TempDir Path directory;
  private ScriptedApi api;
  private MetricsSyncPlugin plugin;

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
    plugin = MetricsHarness.plugin(directory, api.uri()).build();
  }

  @AfterEach
  void close() {
    api.close();
    assertEquals(List.of(), api.violations());
  }

  private MetricsHarness proxy(MetricsSyncPlugin plugin, String session) throws Exception {
    Session facts = MetricsHarness.session(session);
    return new MetricsHarness(plugin, directory, facts, MetricsHarness.cookies("sid", session))
        .start();
  }

  @Test
  void keepsTheSessionsOfOnePluginObjectApart() throws Exception {
    try (MetricsHarness one = proxy(plugin, "one");
        MetricsHarness two = proxy(plugin, "two")) {
      one.exchange(200);
      two.exchange(200).exchange(200);
      two.collector().count("tokens", 2);
      one.stop();
      assertEquals("sid=one", api.await().cookie());
      two.exchange(200).stop();
      assertEquals("sid=two", api.await().cookie());
      assertEquals(1, one.records("synced"));
      assertEquals(4, two.records("synced"));
    }
    assertEquals(List.of(1L, 3L), api.received().stream().map(r -> r.requests()).toList());
  }

  @Test
  void letsProxiesOfOneSessionShareItsFiles() throws Exception {
    try (MetricsHarness first = proxy(plugin, "s1");
        MetricsHarness second = proxy(plugin, "s1");
        MetricsHarness third = proxy(MetricsHarness.plugin(directory, api.uri()).build(), "s1")) {
      assertSame(second.collector(), plugin.collector("s1").orElseThrow(), "the last to start");
      first.exchange(200).flush();
      second.exchange(200).flush();
      third.exchange(200).flush();
      assertEquals(3, first.records("pending"));
      second.tick().awaitSyncs(1);
      assertEquals(3, api.countedRequests());
      assertEquals(3, first.records("synced"));
      second.stop();
      first.exchange(200).tick().awaitSyncs(1);
      assertEquals(4, first.records("synced"));
      first.stop();
      third.stop();
    }
    assertEquals(2, api.received().size());
    assertEquals(1, api.mostConcurrent());
  }

  @Test
  void leavesTheSyncToTheOneThatIsAtItAndWaitsForItAtStop() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    api.script(Reply.when(answer, 200));
    try (MetricsHarness first = proxy(plugin, "s1");
        MetricsHarness second = proxy(plugin, "s1")) {
      first.exchange(200).tick();
      api.await();
      second.exchange(200).tick();
      CompletableFuture<Void> stopped = second.stopping();
      second.time.awaitScheduled(Duration.ofMillis(250));
      second.time.advance(Duration.ofMillis(250));
      second.time.awaitScheduled(Duration.ofMillis(250));
      assertEquals(1, api.received().size());
      assertFalse(stopped.isDone());
      answer.countDown();
      first.awaitSyncs(1);
      second.time.advance(Duration.ofMillis(250));
      MetricsHarness.get(stopped);
      assertEquals(2, api.countedRequests());
      assertEquals(2, first.records("synced"));
      first.stop();
    }
    assertEquals(1, api.mostConcurrent());
  }
}
