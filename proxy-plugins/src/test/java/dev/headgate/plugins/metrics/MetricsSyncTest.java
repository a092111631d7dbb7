package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Outcome;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.plugins.metrics.ScriptedApi.Received;
import dev.headgate.plugins.metrics.ScriptedApi.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, when, and what becomes of it. */
class MetricsSyncTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

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
    assertEquals(List.of(), api.violations());
  }

  @Test
  void aggregatesAllPendingDeltasIntoOneMetric() throws Exception {
    proxy.exchange(200).exchange(204).exchange(500);
    proxy.time.advance(Duration.ofSeconds(10));
    proxy.collector().count("tool_calls");
    proxy.collector().count(Map.of("tool_calls", 2L, "tokens", 40L));
    proxy.flush().tick().awaitSyncs(1);

    Received request = api.await();
    assertEquals(1, api.received().size());
    assertEquals("/metrics", request.path());
    assertEquals("sid=s3cret", request.cookie());
    assertEquals("application/json", request.contentType());
    Map<String, Object> metric = request.metric();
    assertEquals("proxy_session_usage", metric.get("name"));
    assertEquals(request.key(), metric.get("id"));
    assertEquals(VirtualTime.START.toString(), metric.get("from"));
    assertEquals(VirtualTime.START.plusSeconds(10).toString(), metric.get("to"));
    assertEquals(
        Map.of(
            "session_id",
            "s1",
            "agent",
            "cli",
            "profile",
            "work",
            "provider",
            "anthropic",
            "model",
            "opus"),
        metric.get("attributes"));
    assertEquals(5L, metric.get("count"));
    assertEquals(3L, metric.get("requests"));
    assertEquals(1L, metric.get("errors"));
    assertEquals(30L, metric.get("requestBytes"));
    assertEquals(300L, metric.get("responseBytes"));
    assertEquals(4L, metric.get("durationMillis"));
    assertEquals(
        Map.of(
            "tool_calls",
            Map.of("sum", 3L, "count", 2L),
            "tokens",
            Map.of("sum", 40L, "count", 1L)),
        metric.get("counters"));
  }

  @Test
  void writesOneRecordPerDeltaAndMarksItSyncedOnSuccess() throws Exception {
    proxy.exchange(200);
    proxy.collector().count("tokens", 7);
    proxy.flush();

    List<Map<String, Object>> pending = proxy.lines();
    assertEquals(2, pending.size());
    Map<String, Object> exchange = pending.get(0);
    assertEquals("pending", exchange.get("syncStatus"));
    assertEquals(VirtualTime.START.toString(), exchange.get("timestamp"));
    assertEquals("r1", exchange.get("requestId"));
    assertEquals("api", exchange.get("route"));
    assertEquals("anthropic", exchange.get("provider"));
    assertEquals("opus", exchange.get("model"));
    assertEquals(200L, exchange.get("status"));
    assertEquals("completed", exchange.get("outcome"));
    assertEquals(1500L, exchange.get("durationMicros"));
    assertNotEquals(exchange.get("id"), pending.get(1).get("id"));

    proxy.tick().awaitSyncs(1);
    List<Map<String, Object>> synced = proxy.lines();
    assertEquals(2, synced.size());
    for (int i = 0; i < 2; i++) {
      assertEquals("synced", synced.get(i).get("syncStatus"));
      assertEquals(pending.get(i).get("id"), synced.get(i).get("id"));
      assertEquals(api.received().get(0).key(), synced.get(i).get("batch"));
      assertEquals(proxy.time.instant().toString(), synced.get(i).get("syncedAt"));
    }
    assertEquals("r1", synced.get(0).get("requestId"));
  }

  @Test
  void recordsErrorsAndDeparturesWithTheirOutcome() throws Exception {
    FakeExchange exchange = FakeExchange.withoutRoute(proxy.session);
    proxy.interceptor().onRequest(exchange);
    proxy
        .interceptor()
        .onError(
            exchange,
            new UpstreamFault(ErrorCode.CONNECT_FAILED, Phase.CONNECT, "refused", true, null),
            MetricsHarness.summary(Outcome.FAILED, 502));
    proxy
        .interceptor()
        .onResponseComplete(exchange, MetricsHarness.summary(Outcome.CLIENT_GONE, 0));
    proxy.flush();

    Map<String, Object> failed = proxy.lines().get(0);
    assertEquals("failed", failed.get("outcome"));
    assertEquals("connect_failed", failed.get("error"));
    assertEquals(1L, failed.get("errors"));
    assertFalse(failed.containsKey("route"));
    Map<String, Object> gone = proxy.lines().get(1);
    assertEquals("client_gone", gone.get("outcome"));
    assertEquals(0L, gone.get("errors"));
  }

  @Test
  void sendsNothingWhenNothingIsPending() throws Exception {
    proxy.exchange(200).tick().awaitSyncs(1);
    proxy.tick().tick().stop();
    assertEquals(1, api.received().size());
  }

  @Test
  void sendsWhatCameSinceAsAnotherMetric() throws Exception {
    proxy.exchange(200).tick().awaitSyncs(1);
    proxy.exchange(200).exchange(200).tick().awaitSyncs(2);
    assertEquals(List.of(1L, 2L), api.received().stream().map(Received::requests).toList());
    assertNotEquals(api.received().get(0).key(), api.received().get(1).key());
    assertEquals(3, proxy.records("synced"));
  }

  @Test
  void retriesAfterOneTwoAndFiveSecondsWithTheSameKeyAndBody() throws Exception {
    api.script(503, 429).script(Reply.drop(), Reply.status(201));
    proxy.exchange(200).tick();
    for (int seconds : new int[] {1, 2, 5}) {
      api.await();
      Duration pause = Duration.ofSeconds(seconds);
      proxy.time.awaitScheduled(pause);
      proxy.time.advance(pause.minusMillis(1));
      assertEquals(1, proxy.records("pending"));
      proxy.time.advance(Duration.ofMillis(1));
    }
    proxy.awaitSyncs(1);
    assertEquals(4, api.received().size());
    assertEquals(1, api.received().stream().distinct().count());
    assertEquals(1, proxy.records("synced"));
  }

  @Test
  void leavesTheBatchPendingAfterTheLastRetryAndSendsItAgainBeforeAnyNewOne() throws Exception {
    api.script(500, 502, 503, 599);
    proxy.exchange(200).tick();
    retryThreeTimes();
    proxy.awaitSyncs(1);
    assertEquals(4, api.received().size());
    assertEquals(1, proxy.records("pending"));
    assertEquals(1, proxy.log.count("could not be reached"));

    proxy.exchange(200).exchange(200).flush().tick().awaitSyncs(2);
    List<Received> all = api.received();
    assertEquals(6, all.size());
    assertEquals(all.get(0), all.get(4));
    assertEquals(2, all.get(5).requests());
    assertEquals(3, api.countedRequests());
    assertEquals(3, proxy.records("synced"));
    assertEquals(3, proxy.lines().size());
  }

  @Test
  void countsOnceWhatTheApiTookWithoutAnswering() throws Exception {
    api.script(Reply.countAndDrop(), Reply.countAndDrop());
    proxy.exchange(200).tick();
    for (int seconds : new int[] {1, 2}) {
      proxy.time.awaitScheduled(Duration.ofSeconds(seconds));
      proxy.time.advance(Duration.ofSeconds(seconds));
    }
    proxy.awaitSyncs(1);
    assertEquals(3, api.received().size());
    assertEquals(1, api.countedRequests());
  }

  @Test
  void retriesWhenTheConnectionIsRefused() throws Exception {
    // Bound, so that nobody else gets the port, but not listening.
    Socket held = new Socket();
    held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    URI nobody = URI.create("http://127.0.0.1:" + held.getLocalPort() + "/");
    try (held;
        MetricsHarness other = new MetricsHarness(directory.resolve("other"), nobody).start()) {
      other.exchange(200).tick();
      other.time.awaitScheduled(SECOND);
      other.time.advance(SECOND);
      other.time.awaitScheduled(Duration.ofSeconds(2));
      assertEquals(1, other.records("pending"));
    }
  }

  @Test
  void retriesWhenNoAnswerComesInTime() throws Exception {
    api.script(Reply.when(new CountDownLatch(1), 200));
    proxy.exchange(200).tick();
    api.await();
    proxy.time.advance(MetricsHarness.TIMEOUT.minusMillis(1));
    assertEquals(1, proxy.records("pending"));
    proxy.time.advance(Duration.ofMillis(1));
    proxy.time.awaitScheduled(SECOND);
    proxy.time.advance(SECOND);
    api.await();
    proxy.awaitSyncs(1);
    assertEquals(1, api.countedRequests());
    assertEquals(1, proxy.records("synced"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void failsAtOnceAndMakesANewBatchWhenTheMetricIsRejected(int status) throws Exception {
    api.script(status);
    proxy.exchange(200).tick().awaitSyncs(1);
    assertEquals(1, api.received().size());
    assertEquals(1, proxy.records("pending"));
    assertEquals(1, proxy.lines().size());
    assertEquals(1, proxy.log.count("refused the metric"));

    proxy.exchange(200).tick().awaitSyncs(2);
    assertEquals(2, api.received().size());
    assertEquals(2, api.received().get(1).requests());
    assertNotEquals(api.received().get(0).key(), api.received().get(1).key());
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 403, 404, 409})
  void failsAtOnceAndSendsTheSameBatchAtTheNextInterval(int status) throws Exception {
    api.script(status);
    proxy.exchange(200).tick().awaitSyncs(1);
    assertEquals(1, api.received().size());
    assertEquals(1, proxy.records("pending"));

    proxy.tick().awaitSyncs(2);
    assertEquals(2, api.received().size());
    assertEquals(api.received().get(0).key(), api.received().get(1).key());
    assertEquals(api.received().get(0).body(), api.received().get(1).body());
    assertEquals(1, proxy.records("synced"));
  }

  @Test
  void neverSyncsTwiceAtATime() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    api.script(Reply.when(answer, 200));
    proxy.exchange(200).tick();
    api.await();
    proxy.exchange(200).flush();
    // The next intervals fall into the running sync (its time limit has been cancelled by hand).
    proxy.time.cancelAll(MetricsHarness.TIMEOUT);
    proxy.tick().tick();
    CompletableFuture<Void> stopped = proxy.stopping();
    proxy.time.awaitScheduled(MetricsHarness.FLUSH);
    assertEquals(1, api.received().size());
    assertFalse(stopped.isDone());

    answer.countDown();
    MetricsHarness.get(stopped);
    assertEquals(2, api.received().size());
    assertEquals(2, api.countedRequests());
    assertEquals(1, api.mostConcurrent());
    assertEquals(2, proxy.records("synced"));
  }

  @Test
  void writesAndSendsTheLastDeltasAtStop() throws Exception {
    proxy.exchange(200);
    proxy.collector().count("tokens", 3);
    proxy.stop();
    assertEquals(1, api.countedRequests());
    assertEquals(3, api.countedSum("tokens"));
    assertEquals(2, proxy.records("synced"));
    assertEquals(0, proxy.time.pending(), "something is still scheduled");
  }

  @Test
  void continuesARunningSyncAtStopWithoutItsPauseAndSendsTheRest() throws Exception {
    api.script(503);
    proxy.exchange(200).tick();
    proxy.time.awaitScheduled(SECOND);
    proxy.exchange(200).exchange(200);
    MetricsHarness.get(proxy.stopping()); // no time passes
    assertEquals(List.of(1L, 1L, 2L), api.received().stream().map(Received::requests).toList());
    assertEquals(3, proxy.records("synced"));
  }

  @Test
  void retriesAtStopAndLeavesThePendingOnDisk() throws Exception {
    api.script(503, 503, 503, 503);
    proxy.exchange(200);
    CompletableFuture<Void> stopped = proxy.stopping();
    retryThreeTimes();
    MetricsHarness.get(stopped);
    assertEquals(4, api.received().size());
    assertEquals(1, proxy.records("pending"));
  }

  @Test
  void doesNotBeginAnewAtStopWhenTheRunningSyncHasUsedUpItsRetries() throws Exception {
    api.script(503, 503, 503, 503);
    proxy.exchange(200).tick();
    proxy.time.awaitScheduled(SECOND);
    proxy.exchange(200);
    CompletableFuture<Void> stopped = proxy.stopping(); // cuts the first pause short
    for (int seconds : new int[] {2, 5}) {
      proxy.time.awaitScheduled(Duration.ofSeconds(seconds));
      proxy.time.advance(Duration.ofSeconds(seconds));
    }
    MetricsHarness.get(stopped);
    assertEquals(4, api.received().size());
    assertEquals(2, proxy.records("pending"));
  }

  @Test
  void givesUpAtTheStopDeadlineAndLosesNothing() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    api.script(
        Reply.when(never, 200), Reply.when(never, 200), Reply.status(503), Reply.when(never, 200));
    proxy.exchange(200);
    CompletableFuture<Void> stopped = proxy.stopping();
    proxy.time.awaitScheduled(MetricsHarness.FLUSH);
    api.await();
    proxy.time.advance(MetricsHarness.FLUSH);
    MetricsHarness.get(stopped);
    assertEquals(1, proxy.log.count("did not end in time"));
    assertEquals(1, proxy.records("pending"));

    // How often it had tried before depends on who was quicker: the next one is not answered.
    api.reset();
    for (int i = 0; i < 4; i++) api.script(Reply.when(never, 200));
    try (MetricsHarness next = new MetricsHarness(directory, api.uri()).start()) {
      next.time.awaitScheduled(MetricsHarness.TIMEOUT);
      Received again = api.await();
      assertEquals(api.received().get(0), again);
    }
  }

  @Test
  void stopsWhenItIsInterrupted() throws Exception {
    api.script(Reply.when(new CountDownLatch(1), 200));
    proxy.exchange(200);
    Thread[] stopper = new Thread[1];
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    stopper[0] =
        new Thread(
            () -> {
              try {
                proxy.stop();
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              } catch (Exception e) {
                interrupted.completeExceptionally(e);
              }
            });
    stopper[0].start();
    api.await();
    stopper[0].interrupt();
    assertTrue(interrupted.get(20, java.util.concurrent.TimeUnit.SECONDS));
    assertEquals(1, proxy.records("pending"));
  }

  @Test
  void writesTheFactsOfTheSession() throws Exception {
    proxy.exchange(200).tick().awaitSyncs(1);
    Map<String, Object> facts = proxy.facts();
    assertEquals("s1", facts.get("id"));
    assertEquals("cli", facts.get("agent"));
    assertEquals("anthropic", facts.get("provider"));
    assertEquals("opus", facts.get("model"));
    assertEquals("running", facts.get("status"));
    assertEquals(VirtualTime.START.toString(), facts.get("startedAt"));
    assertEquals("synced", JsonMaps.at(facts, "lastSync", "result"));
    assertEquals(1, JsonMaps.number(facts, "lastSync", "deltas"));

    api.script(400);
    proxy.exchange(200).tick().awaitSyncs(2);
    assertEquals("refused", JsonMaps.at(proxy.facts(), "lastSync", "result"));
    assertEquals(400, JsonMaps.number(proxy.facts(), "lastSync", "status"));

    proxy.stop();
    assertEquals("stopped", proxy.facts().get("status"));
    assertEquals(VirtualTime.START.toString(), proxy.facts().get("startedAt"));
  }

  private void retryThreeTimes() throws InterruptedException {
    for (int seconds : new int[] {1, 2, 5}) {
      proxy.time.awaitScheduled(Duration.ofSeconds(seconds));
      proxy.time.advance(Duration.ofSeconds(seconds));
    }
  }
}
