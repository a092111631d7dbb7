package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.plugins.metrics.ScriptedApi.Received;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new process makes of what an earlier one left in each state that a crash can leave. */
class MetricsRecoveryTest {
  @TempDir Path directory;
  private ScriptedApi api;
  private Path log;

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
    log = directory.resolve("s1_metrics.jsonl");
  }

  @AfterEach
  void close() {
    api.close();
    assertEquals(List.of(), api.violations());
  }

  private MetricsHarness proxy() {
    return new MetricsHarness(directory, api.uri());
  }

  private static String delta(String id, long tokens) throws Exception {
    Totals totals = Totals.ofCounters(Map.of("tokens", new Counter(tokens, 1)));
    return text(LogCodec.pending(new Delta(id, Instant.EPOCH, 1, null, totals)));
  }

  private static String batch(String key, String body) throws Exception {
    return text(LogCodec.sealed(new Batch(key, body, 1), Instant.EPOCH));
  }

  private static String body(String key, long tokens) {
    return "{\"id\":\"" + key + "\",\"counters\":{\"tokens\":{\"sum\":" + tokens + "}}}";
  }

  private static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  @Test
  void sendsPendingDeltasAtStart() throws Exception {
    Files.writeString(log, delta("a", 1) + delta("b", 2));
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      assertEquals(1, api.received().size());
      assertEquals(3, api.countedSum("tokens"));
      assertEquals(2, proxy.records("synced"));
      proxy.stop();
    }
    assertEquals(1, api.received().size());
  }

  @Test
  void doesNotMixLeftoversWithWhatComesNow() throws Exception {
    Files.writeString(log, delta("a", 1));
    try (MetricsHarness proxy = proxy()) {
      proxy.startHeldBy(new CountDownLatch(1), collector -> collector.count("tokens", 10));
      proxy.awaitSyncs(1).flush().tick().awaitSyncs(2);
    }
    assertEquals(List.of(1L, 10L), api.received().stream().map(r -> r.sum("tokens")).toList());
  }

  @Test
  void sendsAnInterruptedBatchAgainAsItWasBeforeAnyNewOne() throws Exception {
    Files.writeString(
        log, delta("a", 1) + delta("b", 2) + batch("key-1", body("key-1", 3)) + delta("c", 4));
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      List<Received> received = api.received();
      assertEquals(2, received.size());
      assertEquals("key-1", received.get(0).key());
      assertEquals(body("key-1", 3), received.get(0).body());
      assertNotEquals("key-1", received.get(1).key());
      assertEquals(4, received.get(1).sum("tokens"));
      assertEquals(3, proxy.records("synced"));
      assertEquals(3, proxy.lines().size());
      assertEquals("key-1", proxy.lines().get(1).get("batch"));
    }
  }

  @Test
  void countsOnceWhatTheApiTookBeforeTheCrash() throws Exception {
    // The state after a crash between the API's 200 and the rewrite: the key is known to the API.
    Files.writeString(log, delta("a", 5) + batch("key-1", body("key-1", 5)));
    try (MetricsHarness first = proxy().start().awaitSyncs(1)) {
      assertEquals(1, first.records("synced"));
    }
    Files.writeString(log, delta("a", 5) + batch("key-1", body("key-1", 5)));
    try (MetricsHarness second = proxy().start().awaitSyncs(1)) {
      assertEquals(1, second.records("synced"));
    }
    assertEquals(2, api.received().size());
    assertEquals(5, api.countedSum("tokens"));
  }

  @Test
  void cutsOffATornLastLineWhereverItBroke() throws Exception {
    String whole = delta("a", 1);
    String torn = delta("b", 2);
    for (int length = 1; length < torn.length(); length++) {
      Path dir = Files.createDirectory(directory.resolve("cut" + length));
      Files.writeString(dir.resolve("s1_metrics.jsonl"), whole + torn.substring(0, length));
      SessionFiles files = SessionFiles.of(dir, "s1");
      SessionLock lock = new SessionLock(files);
      LogCapture capture = new LogCapture();
      DeltaLog deltas = new DeltaLog(lock, files, new VirtualTime(), capture.logger());
      DeltaLog.Next next =
          deltas.next((key, sum) -> "" + sum.totals().counters().get("tokens")).orElseThrow();
      assertEquals(1, next.batch().deltas());
      assertEquals("" + new Counter(1, 1), next.batch().body());
      assertEquals(1, capture.count("unfinished last line"));
      assertEquals(2, Files.readAllLines(files.log()).size());
      lock.close();
    }
  }

  @Test
  void cutsOffATornBatchLineAndMakesANewBatch() throws Exception {
    String torn = batch("key-1", body("key-1", 1));
    Files.writeString(log, delta("a", 1) + torn.substring(0, torn.length() - 1));
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      assertNotEquals("key-1", api.received().get(0).key());
      assertEquals(1, proxy.records("synced"));
    }
    assertEquals(1, api.countedSum("tokens"));
  }

  @Test
  void cutsOffATornLineThatIsLongerThanABlock() throws Exception {
    Files.writeString(log, delta("a", 1) + "x".repeat(20_000));
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      assertEquals(1, proxy.lines().size());
    }
    assertEquals(1, api.countedSum("tokens"));
  }

  @Test
  void startsFromAFileThatIsTornFromItsFirstByte() throws Exception {
    Files.writeString(log, "\0".repeat(10_000));
    try (MetricsHarness proxy = proxy().start()) {
      proxy.exchange(200).flush();
      assertEquals(1, proxy.records("pending"));
    }
  }

  @Test
  void keepsLinesItDoesNotUnderstandAndCountsTheRest() throws Exception {
    String alien = "{\"type\":\"delta\",\"id\":\"x\",\"syncStatus\":\"on hold\"}\n";
    String broken = "{\"type\":\"del\0\0\n";
    Files.writeString(log, delta("a", 1) + broken + alien + delta("b", 2));
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      proxy.exchange(200).tick().awaitSyncs(2);
      assertEquals(1, proxy.log.count("not understood"));
    }
    assertEquals(3, api.countedSum("tokens"));
    String content = Files.readString(log);
    assertTrue(content.contains(broken), content);
    assertTrue(content.contains(alien), content);
  }

  @Test
  void ignoresTheDraftOfARewriteThatNeverBecameTheFile() throws Exception {
    Files.writeString(log, delta("a", 1) + batch("key-1", body("key-1", 1)));
    Path draft = directory.resolve("s1_metrics.jsonl.tmp");
    Files.writeString(draft, "{\"type\":\"delta\",\"id\":\"a\",\"syncSta");
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      assertEquals("key-1", api.received().get(0).key());
      assertEquals(1, proxy.records("synced"));
    }
    assertFalse(Files.exists(draft));
  }

  @Test
  void keepsTheFieldsOfOthersAndTheFirstStartInTheFacts() throws Exception {
    Path facts = directory.resolve("s1.json");
    Files.writeString(
        facts,
        "{\"id\":\"s1\",\"startedAt\":\"2020-01-01T00:00:00Z\",\"title\":\"mine\","
            + "\"lastSync\":{\"result\":\"refused\"},\"tags\":{\"a\":1}}");
    try (MetricsHarness proxy = proxy().start()) {
      proxy.exchange(200).tick().awaitSyncs(1);
      assertEquals("mine", proxy.facts().get("title"));
      assertEquals(Map.of("a", 1L), proxy.facts().get("tags"));
      assertEquals("2020-01-01T00:00:00Z", proxy.facts().get("startedAt"));
      assertEquals("synced", JsonMaps.at(proxy.facts(), "lastSync", "result"));
    }
  }

  @Test
  void leavesFactsAloneThatItDoesNotUnderstand() throws Exception {
    Path facts = directory.resolve("s1.json");
    Files.writeString(facts, "not json");
    try (MetricsHarness proxy = proxy().start()) {
      proxy.exchange(200).tick().awaitSyncs(1).stop();
      assertEquals(1, proxy.log.count("facts can't be written"));
    }
    assertEquals("not json", Files.readString(facts));
    assertEquals(1, api.countedRequests());
  }

  @Test
  void keepsOnlyTheNewestSyncedRecords() throws Exception {
    StringBuilder content = new StringBuilder();
    int surplus = 5;
    for (int i = 0; i < DeltaLog.SYNCED_KEPT + surplus; i++) content.append(delta("d" + i, 1));
    Files.writeString(log, content, StandardOpenOption.CREATE);
    try (MetricsHarness proxy = proxy().start().awaitSyncs(1)) {
      assertEquals(DeltaLog.SYNCED_KEPT, proxy.records("synced"));
      assertEquals("d" + surplus, proxy.lines().get(0).get("id"));
      assertEquals(DeltaLog.SYNCED_KEPT + surplus, api.countedSum("tokens"));
      proxy.exchange(200).exchange(200).tick().awaitSyncs(2);
      assertEquals("d" + (surplus + 2), proxy.lines().get(0).get("id"));
    }
  }
}
