package dev.headgate.plugins.metrics;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.Session;
import dev.headgate.api.Timings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One proxy with the plugin, on virtual time; several of them make several proxies. */
final class MetricsHarness implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofMinutes(5);
  static final Duration TIMEOUT = Duration.ofSeconds(7);
  static final Duration STOP = Duration.ofSeconds(41);
  static final Duration FLUSH = Duration.ofSeconds(39);

  final Path directory;
  final Session session;
  final VirtualTime time = new VirtualTime();
  final LogCapture log = new LogCapture();
  final MetricsSyncPlugin plugin;
  final FakeContext context;
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Interceptor interceptor;
  private final ProxyInfo proxy;
  private volatile CountDownLatch executorFree = new CountDownLatch(0);
  private MetricsCollector collector;
  private int exchanges;

  MetricsHarness(Path directory, URI endpoint) {
    this(plugin(directory, endpoint).build(), directory, session("s1"), cookies("sid", "s3cret"));
  }

  MetricsHarness(
      MetricsSyncPlugin plugin, Path directory, Session session, CredentialsSupplier credentials) {
    this.plugin = plugin;
    this.directory = directory;
    this.session = session;
    this.context =
        new FakeContext(session, Map.of(), credentials, log.logger(), time, this::execute, time);
    this.interceptor = plugin.createInterceptor(context);
    this.proxy = new ProxyInfo(URI.create("http://127.0.0.1:1"), "test", session);
  }

  private void execute(Runnable task) {
    executor.execute(
        () -> {
          try {
            executorFree.await();
          } catch (InterruptedException e) {
            return; // the test is over
          }
          task.run();
        });
  }

  static MetricsSyncPlugin.Builder plugin(Path directory, URI endpoint) {
    return MetricsSyncPlugin.builder()
        .directory(directory)
        .endpoint(endpoint)
        .requestTimeout(TIMEOUT)
        .stopDeadline(STOP)
        .environment(Map.of());
  }

  static Session session(String id) {
    return Session.builder(id)
        .agent("cli")
        .profile("work")
        .provider("anthropic")
        .model("opus")
        .build();
  }

  static CredentialsSupplier cookies(String name, String value) {
    return CredentialsSupplier.of(new Credentials(Map.of(name, value), null));
  }

  /** Starts, and waits until what an earlier process left has been looked at. */
  MetricsHarness start() throws Exception {
    return startHeldBy(new CountDownLatch(0), collector -> {});
  }

  /** Starts with an executor that does nothing before a latch opens; does something before that. */
  MetricsHarness startHeldBy(CountDownLatch latch, Consumer<MetricsCollector> before)
      throws Exception {
    executorFree = latch;
    interceptor.onProxyStart(proxy);
    before.accept(plugin.collector(session.id()).orElseThrow());
    latch.countDown();
    FakeExchange exchange = FakeExchange.of(session, "r0");
    interceptor.onRequest(exchange);
    collector = exchange.attributes().get(MetricsCollector.KEY);
    get(collector.flush().handle((done, failure) -> null).toCompletableFuture());
    return this;
  }

  Interceptor interceptor() {
    return interceptor;
  }

  /** Returns the collector of this very proxy. */
  MetricsCollector collector() {
    return collector;
  }

  /** Lets an exchange of 1.5 ms with 10 bytes up and 100 bytes down end. */
  MetricsHarness exchange(int status) throws Exception {
    FakeExchange exchange = FakeExchange.of(session, "r" + ++exchanges);
    interceptor.onRequest(exchange);
    interceptor.onResponseComplete(exchange, summary(Outcome.COMPLETED, status));
    return this;
  }

  static ExchangeSummary summary(Outcome outcome, int status) {
    return new ExchangeSummary(outcome, status, 10, 100, new Timings(1, 2, 3, 4, 5, 1_500_000));
  }

  /** Waits until all that was recorded is on disk. */
  MetricsHarness flush() throws Exception {
    collector().flush().toCompletableFuture().get(20, TimeUnit.SECONDS);
    return this;
  }

  /** Lets time pass until the interval ends. */
  MetricsHarness tick() {
    time.advanceToNext(INTERVAL);
    return this;
  }

  /** Waits for the end of so many syncs that had something to do, counted from the start. */
  MetricsHarness awaitSyncs(int syncs) throws InterruptedException {
    log.await("sync ended", syncs);
    return this;
  }

  /** Begins the stop on a thread of its own. */
  CompletableFuture<Void> stopping() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            interceptor.onProxyStop(proxy);
            stopped.complete(null);
          } catch (Exception | Error e) {
            stopped.completeExceptionally(e);
          }
        });
    return stopped;
  }

  void stop() throws Exception {
    get(stopping());
  }

  static void get(CompletableFuture<?> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    future.get(20, TimeUnit.SECONDS);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** All lines of the log. */
  List<Map<String, Object>> lines() throws IOException {
    return JsonMaps.lines(file(session.id() + "_metrics.jsonl"));
  }

  long records(String status) throws IOException {
    return lines().stream()
        .filter(line -> "delta".equals(line.get("type")) && status.equals(line.get("syncStatus")))
        .count();
  }

  Map<String, Object> facts() throws IOException {
    return JsonMaps.parse(Files.readString(file(session.id() + ".json")));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
