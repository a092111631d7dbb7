package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.plugins.metrics.ScriptedApi.Received;
import dev.headgate.plugins.metrics.ScriptedApi.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} at many instants: what was acknowledged is never lost, and nothing is counted
 * twice by an API that counts a key once.
 */
class MetricsCrashTest {
  private static final int ROUNDS = 3;

  @TempDir Path directory;

  /** Each round kills a process that has first to recover from the round before. */
  @ParameterizedTest
  @EnumSource(Instant.class)
  void losesNothingAndCountsNothingTwiceWhereverItIsKilled(Instant instant) throws Exception {
    Random random = new Random(instant.name().hashCode());
    try (ScriptedApi api = new ScriptedApi()) {
      int acked = 0;
      for (int round = 0; round < ROUNDS; round++) {
        CountDownLatch dead = new CountDownLatch(1);
        int post = 1 + random.nextInt(3);
        for (int i = 1; i < post; i++) api.script(200);
        instant.script(api, dead);
        Child child = new Child(directory, api);
        instant.await(child, api, post, random);
        acked += child.kill();
        dead.countDown();
        api.reset();
      }
      recover(directory, api);
      assertCountedOnce(directory, api, acked, ROUNDS);
    }
  }

  @Test
  void letsTwoProcessesShareASessionAndDieApart() throws Exception {
    try (ScriptedApi api = new ScriptedApi()) {
      Child one = new Child(directory, api);
      Child two = new Child(directory, api);
      one.awaitAcks(20);
      two.awaitAcks(20);
      for (int i = 0; i < 3; i++) api.await();
      assertEquals(1, api.mostConcurrent());
      int acked = one.kill();
      two.awaitAcks(20);
      acked += two.kill();
      recover(directory, api);
      assertCountedOnce(directory, api, acked, 2);
    }
  }

  private static void recover(Path directory, ScriptedApi api) throws Exception {
    try (MetricsHarness recovery = new MetricsHarness(directory, api.uri()).start()) {
      recovery.stop();
    }
  }

  private static void assertCountedOnce(Path directory, ScriptedApi api, int acked, int rounds)
      throws IOException {
    Set<Object> ids = new HashSet<>();
    long written = 0;
    for (var line : JsonMaps.lines(directory.resolve("s1_metrics.jsonl"))) {
      assertEquals("delta", line.get("type"));
      assertEquals("synced", line.get("syncStatus"));
      assertTrue(ids.add(line.get("id")), "twice in the file: " + line);
      written += JsonMaps.number(line, "counters", CrashingProxy.COUNTER, "sum");
    }
    long counted = api.countedSum(CrashingProxy.COUNTER);
    if (ids.size() < DeltaLog.SYNCED_KEPT) { // else the oldest records have gone
      assertEquals(written, counted, "counted by the API, not what is in the file");
    }
    assertTrue(counted >= acked, "lost: acknowledged " + acked + ", counted " + counted);
    assertTrue(
        counted <= acked + rounds,
        "more than was recorded: acknowledged " + acked + ", counted " + counted);
    assertEquals(List.of(), api.violations());
    assertNoKeyComesBack(api.received());
  }

  /** A batch is sent again before any new one is: so equal keys stand side by side. */
  private static void assertNoKeyComesBack(List<Received> received) {
    Set<String> keys = new HashSet<>();
    String last = "";
    for (Received request : received) {
      if (!request.key().equals(last)) {
        assertTrue(keys.add(request.key()), "came back after another: " + request.key());
      }
      last = request.key();
    }
  }

  /** When to kill. */
  private enum Instant {
    /** Anywhere between writing and syncing. */
    AFTER_SOME_DELTAS,
    /** The API has counted a batch; its answer never leaves. */
    COUNTED_BUT_NOT_ANSWERED {
      @Override
      void script(ScriptedApi api, CountDownLatch dead) {
        api.script(Reply.when(dead, 200));
      }
    },
    /** The API has got a batch and counted nothing. */
    RECEIVED_BUT_NOT_COUNTED {
      @Override
      void script(ScriptedApi api, CountDownLatch dead) {
        api.script(new Reply(0, false, dead));
      }
    },
    /** Around the answer: it is on its way, has come, is being marked. */
    AROUND_THE_ANSWER,
    /** While nothing can be sent at all. */
    API_IS_DOWN {
      @Override
      void script(ScriptedApi api, CountDownLatch dead) {
        for (int i = 0; i < 20; i++) api.script(Reply.drop());
      }
    },
    /** While it waits before the next attempt. */
    IN_BACK_OFF {
      @Override
      void script(ScriptedApi api, CountDownLatch dead) {
        api.script(503, 503, 503, 503);
      }
    };

    void script(ScriptedApi api, CountDownLatch dead) {}

    void await(Child child, ScriptedApi api, int post, Random random) throws Exception {
      if (this == AFTER_SOME_DELTAS) {
        child.awaitAcks(1 + random.nextInt(40));
        return;
      }
      for (int i = 0; i < post; i++) api.await();
      if (this == IN_BACK_OFF) {
        child.awaitAcks(1 + random.nextInt(3));
      } else if (this == AROUND_THE_ANSWER) {
        long end = System.nanoTime() + random.nextInt(6_000_000);
        while (System.nanoTime() < end) Thread.onSpinWait();
      }
    }
  }

  /** A process, and how much it has acknowledged. */
  private static final class Child {
    private final Process process;
    private final AtomicInteger acked = new AtomicInteger();
    private final Semaphore acks = new Semaphore(0);
    private final CompletableFuture<Void> output = new CompletableFuture<>();

    Child(Path directory, ScriptedApi api) throws IOException {
      process = CrashingProxy.launch(directory, api.uri());
      new Thread(this::read, "acknowledgements").start();
    }

    void awaitAcks(int more) throws InterruptedException {
      assertTrue(acks.tryAcquire(more, 30, TimeUnit.SECONDS), "the child acknowledges nothing");
    }

    /** Kills it, and returns how much it had acknowledged by then. */
    int kill() throws Exception {
      // Not Process.destroyForcibly(), which would throw away what the child has printed.
      assertTrue(process.toHandle().destroyForcibly());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      MetricsHarness.get(output);
      return acked.get();
    }

    private void read() {
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          acked.incrementAndGet();
          acks.release();
        }
        output.complete(null);
      } catch (IOException e) {
        output.completeExceptionally(e);
      }
    }
  }
}
