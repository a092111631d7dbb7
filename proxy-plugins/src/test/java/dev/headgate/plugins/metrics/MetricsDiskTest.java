package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, unwritable, or slow. */
class MetricsDiskTest {
  @TempDir Path directory;
  private ScriptedApi api;

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
    assertEquals(List.of(), api.violations());
  }

  @Test
  void keepsDeltasInMemoryUntilTheDirectoryCanBeWritten() throws Exception {
    Path obstacle = directory.resolve("metrics");
    Files.writeString(obstacle, "a file where the directory should be");
    try (MetricsHarness proxy = new MetricsHarness(obstacle, api.uri()).start()) {
      proxy.exchange(200).exchange(200);
      assertThrows(ExecutionException.class, proxy::flush);
      proxy.exchange(200).tick().tick().tick().awaitSyncs(4);
      assertThrows(ExecutionException.class, proxy::flush);
      assertEquals(1, proxy.log.atLeast(Level.WARN), proxy.log::toString);
      assertEquals(1, proxy.log.count("can't be written"));
      assertEquals(0, api.received().size());

      Files.delete(obstacle);
      proxy.time.awaitScheduled(Recorder.RETRY);
      proxy.time.advance(Recorder.RETRY); // no exchange, flush or sync asks for it
      proxy.log.await("written again", 1);
      proxy.flush(); // waits for the rest of that write
      assertEquals(3, proxy.records("pending"));
      proxy.tick().awaitSyncs(5);
      assertEquals(3, api.countedRequests());
      assertEquals(1, proxy.log.atLeast(Level.WARN), proxy.log::toString);
    }
  }

  @Test
  void sendsFromMemoryAtStopWhatNoDiskTook() throws Exception {
    Path obstacle = directory.resolve("metrics");
    Files.writeString(obstacle, "a file where the directory should be");
    try (MetricsHarness proxy = new MetricsHarness(obstacle, api.uri()).start()) {
      proxy.exchange(200).exchange(200);
      proxy.collector().count("tokens", 5);
      proxy.stop();
      assertEquals(2, api.countedRequests());
      assertEquals(5, api.countedSum("tokens"));
      assertEquals(0, proxy.log.atLeast(Level.ERROR), proxy.log::toString);
    }
  }

  @Test
  void saysWhatIsLostWhenNeitherDiskNorApiTakesIt() throws Exception {
    Path obstacle = directory.resolve("metrics");
    Files.writeString(obstacle, "a file where the directory should be");
    api.script(400);
    try (MetricsHarness proxy = new MetricsHarness(obstacle, api.uri()).start()) {
      proxy.exchange(200).exchange(200).stop();
      assertEquals(1, proxy.log.count("are lost"));
      assertTrue(proxy.log.toString().contains("deltas=\"2\""), proxy.log::toString);
    }
  }

  static boolean hasFullDevice() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  @Test
  @EnabledIf("hasFullDevice")
  void survivesAFullDisk() throws Exception {
    Path log = directory.resolve("s1_metrics.jsonl");
    Files.createSymbolicLink(log, Path.of("/dev/full"));
    try (MetricsHarness proxy = new MetricsHarness(directory, api.uri()).start()) {
      proxy.exchange(200);
      IOException full =
          (IOException) assertThrows(ExecutionException.class, proxy::flush).getCause();
      assertTrue(full.getMessage().contains("No space left"), full::toString);
      for (int i = 0; i < 100; i++) proxy.exchange(200);
      assertEquals(1, proxy.log.count("can't be written"));
      Files.delete(log);
      proxy.flush();
      assertEquals(101, proxy.records("pending"));
      proxy.tick().awaitSyncs(1);
      assertEquals(101, api.countedRequests());
    }
  }

  @Test
  void sendsTheSameBatchAgainWhenItCouldNotBeMarked() throws Exception {
    // Where the draft of the rewrite should be is a directory that can't be replaced.
    Path draft = Files.createDirectories(directory.resolve("s1_metrics.jsonl.tmp/occupied"));
    try (MetricsHarness proxy = new MetricsHarness(directory, api.uri()).start()) {
      proxy.exchange(200).tick().awaitSyncs(1);
      assertEquals(1, proxy.records("pending"));
      assertEquals("no_storage", JsonMaps.at(proxy.facts(), "lastSync", "result"));
      proxy.exchange(200).flush();
      Files.delete(draft);
      Files.delete(draft.getParent());
      proxy.tick().awaitSyncs(2);
      assertEquals(3, api.received().size());
      assertEquals(api.received().get(0), api.received().get(1));
      assertEquals(2, api.countedRequests());
      assertEquals(2, proxy.records("synced"));
    }
  }

  @Test
  void doesNotWriteTwiceWhatAFailedAppendLeftInTheFile() throws Exception {
    SessionFiles files = SessionFiles.of(directory, "s1");
    SessionLock lock = new SessionLock(files);
    DeltaLog log = new DeltaLog(lock, files, new VirtualTime(), new LogCapture().logger());
    DeltaBuffer buffer = new DeltaBuffer();
    for (int i = 0; i < 3; i++)
      buffer.add(VirtualTime.START, null, new Totals(1, 0, 0, 0, 0, Map.of()));
    List<Delta> deltas = buffer.take();
    log.append(deltas.subList(0, 2), false);
    log.append(deltas, true);
    assertEquals(3, Files.readAllLines(files.log()).size());
    lock.close();
  }

  @Test
  void neverBlocksAnExchangeAndLosesNothingWhileTheDiskIsSlow() throws Exception {
    int exchanges = DeltaBuffer.CAPACITY * 4;
    CountDownLatch diskIsFree = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    SessionLock other = new SessionLock(SessionFiles.of(directory, "s1"));
    try (MetricsHarness proxy = new MetricsHarness(directory, api.uri()).start()) {
      CompletableFuture<Void> holder =
          CompletableFuture.runAsync(() -> hold(other, held, diskIsFree));
      await(held);
      for (int i = 0; i < exchanges; i++) proxy.exchange(i % 2 == 0 ? 200 : 500);
      assertEquals(0, proxy.lines().size());
      diskIsFree.countDown();
      proxy.flush();
      // What the first write took, what the buffer held then, and the rest added up.
      List<Map<String, Object>> lines = proxy.lines();
      assertTrue(lines.size() <= 2 * (DeltaBuffer.CAPACITY + 1), "lines: " + lines.size());
      assertTrue(JsonMaps.number(lines.get(lines.size() - 1), "merged") > 1);
      proxy.tick().awaitSyncs(1);
      assertEquals(exchanges, api.countedRequests());
      assertEquals(exchanges / 2L, api.received().get(0).metric().get("errors"));
      assertEquals((long) exchanges, api.received().get(0).metric().get("count"));
      MetricsHarness.get(holder);
    }
    other.close();
  }

  private static void hold(SessionLock lock, CountDownLatch held, CountDownLatch until) {
    try {
      lock.exclusively(
          () -> {
            held.countDown();
            await(until);
            return true;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
