package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What applications count. */
class MetricsCollectorTest {
  @TempDir Path directory;
  private ScriptedApi api;
  private MetricsHarness proxy;

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
    proxy = new MetricsHarness(directory, api.uri()).start();
  }

  @AfterEach
  void close() {
    proxy.close();
    api.close();
  }

  @Test
  void isFoundInTheExchangeAndThroughThePlugin() throws Exception {
    FakeExchange request = FakeExchange.of(proxy.session, "r1");
    proxy.interceptor().onRequest(request);
    FakeExchange connect = FakeExchange.of(proxy.session, "r2");
    proxy.interceptor().onConnect(connect);
    MetricsCollector collector = proxy.plugin.collector("s1").orElseThrow();
    assertSame(collector, request.attributes().get(MetricsCollector.KEY));
    assertSame(collector, connect.attributes().get(MetricsCollector.KEY));
    assertTrue(proxy.plugin.collector("another").isEmpty());
    proxy.stop();
    assertTrue(proxy.plugin.collector("s1").isEmpty());
  }

  @Test
  void recordsSeveralCountsAsOneRecord() throws Exception {
    proxy.collector().count(Map.of("a", 1L, "b", 2L));
    proxy.collector().count(Map.of());
    proxy.flush();
    assertEquals(1, proxy.lines().size());
    proxy.stop();
    assertEquals(1, api.countedSum("a"));
    assertEquals(2, api.countedSum("b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_a", "a b", "a\n", "-", "ä", "a/b"})
  void rejectsNamesThatAreNotOfTheForm(String name) throws Exception {
    MetricsCollector collector = proxy.collector();
    String message =
        assertThrows(IllegalArgumentException.class, () -> collector.count(name)).getMessage();
    assertTrue(message.contains("but was '" + name + "'"), message);
    assertThrows(
        IllegalArgumentException.class, () -> collector.count(Map.of("good", 1L, name, 1L)));
    proxy.flush();
    assertEquals(0, proxy.lines().size());
  }

  @Test
  void rejectsAmountsBelowZeroAndNamesThatAreTooLong() {
    MetricsCollector collector = proxy.collector();
    assertThrows(IllegalArgumentException.class, () -> collector.count("a", -1));
    assertThrows(IllegalArgumentException.class, () -> collector.count("a".repeat(65)));
    collector.count("a".repeat(64), 0);
  }

  @Test
  void countsNamesBeyondTheLimitTogetherAndSaysSoOnce() throws Exception {
    for (int i = 0; i < Recorder.MAX_NAMES + 10; i++) proxy.collector().count("n" + i);
    proxy.collector().count("n0", 5);
    proxy.stop();
    assertEquals(10, api.countedSum("other"));
    assertEquals(6, api.countedSum("n0"));
    assertEquals(1, proxy.log.count("too many counter names"));
  }

  @Test
  void staysAtTheLargestNumberInsteadOfOverflowing() throws Exception {
    proxy.collector().count("big", Long.MAX_VALUE);
    proxy.collector().count("big", 10);
    proxy.stop();
    assertEquals(Long.MAX_VALUE, api.countedSum("big"));
  }

  @Test
  void refusesCountsAfterTheStopInsteadOfLosingThem() throws Exception {
    MetricsCollector collector = proxy.collector();
    proxy.stop();
    String message =
        assertThrows(IllegalStateException.class, () -> collector.count("late")).getMessage();
    assertTrue(message.contains("'s1' has ended"), message);
  }

  @Test
  void losesNothingOfManyThreads() throws Exception {
    int threads = 4;
    int counts = 2_000;
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < counts; i++) proxy.collector().count("n");
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) thread.join();
    proxy.stop();
    assertEquals((long) threads * counts, api.countedSum("n"));
  }

  @Test
  void escapesWhatConfigurationMayContain() throws Exception {
    MetricsSyncPlugin plugin =
        MetricsHarness.plugin(directory, api.uri())
            .attribute("quote\"\n", "\uD83D\uDE00 \uD800 half")
            .attribute("agent", "replaced")
            .build();
    try (MetricsHarness odd =
        new MetricsHarness(
            plugin,
            directory,
            MetricsHarness.session("../odd\u0000"),
            MetricsHarness.cookies("a", "b"))) {
      odd.start().exchange(200).stop();
    }
    Map<String, Object> metric = api.await().metric();
    assertEquals("\uD83D\uDE00 \uD800 half", JsonMaps.at(metric, "attributes", "quote\"\n"));
    assertEquals("replaced", JsonMaps.at(metric, "attributes", "agent"));
    assertEquals("../odd\u0000", JsonMaps.at(metric, "attributes", "session_id"));
  }
}
