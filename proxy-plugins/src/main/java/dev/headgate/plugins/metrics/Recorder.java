package dev.headgate.plugins.metrics;

import dev.headgate.api.PluginScheduler;
import dev.headgate.plugins.metrics.Delta.ExchangeFacts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Takes deltas from any thread and writes them to the log on the worker, as many at once as have
 * come while the last write was under way. While the disk refuses, deltas stay here, and writing is
 * tried again now and then.
 */
final class Recorder implements MetricsCollector {
  /** How long after a failed write the next one is tried, unless something else asks for it. */
  static final Duration RETRY = Duration.ofSeconds(15);

  /** How many counter names a session may use. */
  static final int MAX_NAMES = 256;

  /** What further names are counted as. */
  static final String OTHER = "other";

  private final String sessionId;
  private final DeltaLog log;
  private final DiskTrouble trouble;
  private final SerialExecutor worker;
  private final PluginScheduler scheduler;
  private final Clock clock;
  private final Logger logger;

  private final Object lock = new Object(); // guards the next six
  private final DeltaBuffer buffer = new DeltaBuffer();
  private final Set<String> names = new HashSet<>();
  private List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
  private boolean writing;
  private boolean resting;
  private boolean closed;

  // Of the worker: what was taken from the buffer and is not known to be in the log.
  private List<Delta> unwritten = List.of();
  private boolean tried;
  private boolean uncertain;

  Recorder(
      String sessionId,
      DeltaLog log,
      DiskTrouble trouble,
      SerialExecutor worker,
      PluginScheduler scheduler,
      Clock clock,
      Logger logger) {
    this.sessionId = sessionId;
    this.log = log;
    this.trouble = trouble;
    this.worker = worker;
    this.scheduler = scheduler;
    this.clock = clock;
    this.logger = logger;
  }

  @Override
  public void count(Map<String, Long> amounts) {
    amounts.forEach(CounterName::check);
    if (amounts.isEmpty()) return;
    synchronized (lock) {
      Map<String, Counter> counters = new TreeMap<>();
      amounts.forEach(
          (name, amount) -> counters.merge(known(name), new Counter(amount, 1), Counter::plus));
      add(clock.instant(), null, Totals.ofCounters(counters));
    }
  }

  /**
   * Records an exchange.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  void exchange(ExchangeFacts facts, Totals totals) {
    synchronized (lock) {
      add(clock.instant(), facts, totals);
    }
  }

  @Override
  public CompletionStage<Void> flush() {
    CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
    synchronized (lock) {
      waiting.add(written);
      startWriting();
    }
    return written.copy();
  }

  /** Refuses further deltas; those that have come stay. */
  void close() {
    synchronized (lock) {
      closed = true;
    }
  }

  /**
   * Writes all that has been recorded before. To be called on the worker.
   *
   * @throws IOException if the disk refused; nothing is lost
   */
  void write() throws IOException {
    store();
    synchronized (lock) {
      unwritten = buffer.take();
      tried = false;
    }
    store();
    synchronized (lock) {
      resting = false;
    }
  }

  /**
   * Returns the sum of what is in memory only, after {@link #close()} and a failed {@link
   * #write()}; empty when some of it may be in the log, so that it must not be counted here. To be
   * called on the worker.
   */
  Aggregate unstored() {
    takeAll();
    Aggregate sum = new Aggregate();
    if (!uncertain) unwritten.forEach(delta -> sum.add(delta.at(), delta.merged(), delta.totals()));
    return sum;
  }

  /** Forgets what {@link #unstored()} returned. To be called on the worker. */
  void forgetUnstored() {
    unwritten = List.of();
  }

  /** Returns how many deltas are in memory and not known to be in the log. On the worker. */
  long left() {
    takeAll();
    return unwritten.stream().mapToLong(Delta::merged).sum();
  }

  private void takeAll() {
    synchronized (lock) {
      unwritten = new ArrayList<>(unwritten);
      unwritten.addAll(buffer.take());
    }
  }

  private void add(Instant at, @Nullable ExchangeFacts facts, Totals totals) {
    if (closed) {
      throw new IllegalStateException(
          "session '" + sessionId + "' has ended: nothing more can be recorded");
    }
    buffer.add(at, facts, totals);
    if (!resting) startWriting();
  }

  private void startWriting() {
    if (writing) return;
    writing = true;
    try {
      worker.execute(this::drain);
    } catch (RejectedExecutionException e) {
      writing = false;
      if (!resting) {
        logger.atError().setCause(e).log("metrics: nothing can be written, the executor has ended");
      }
      resting = true;
      waiting.forEach(stage -> stage.completeExceptionally(new IOException(e)));
      waiting.clear();
    }
  }

  private void drain() {
    List<CompletableFuture<@Nullable Void>> waited;
    synchronized (lock) {
      writing = false;
      resting = false;
      waited = waiting;
      waiting = new ArrayList<>();
    }
    try {
      write();
      waited.forEach(stage -> stage.complete(null));
    } catch (IOException e) {
      waited.forEach(stage -> stage.completeExceptionally(e));
      rest();
    }
  }

  /** Lets the disk rest: exchanges don't start writing, only time, a flush or a sync does. */
  private void rest() {
    synchronized (lock) {
      if (closed) return;
      resting = true;
    }
    scheduler.schedule(
        RETRY,
        () -> {
          synchronized (lock) {
            startWriting();
          }
        });
  }

  private void store() throws IOException {
    if (unwritten.isEmpty()) return;
    boolean again = tried;
    tried = true;
    try {
      log.append(unwritten, again);
    } catch (UncertainWriteException e) {
      uncertain = true;
      trouble.failed(e);
      throw e;
    } catch (IOException e) {
      trouble.failed(e);
      throw e;
    }
    unwritten = List.of();
    uncertain = false;
    trouble.succeeded();
  }

  private String known(String name) {
    if (names.contains(name)) return name;
    if (names.size() < MAX_NAMES) {
      names.add(name);
      return name;
    }
    if (names.add(OTHER)) {
      logger
          .atWarn()
          .addKeyValue("name", name)
          .log("metrics: too many counter names; this and further ones are counted as 'other'");
    }
    return OTHER;
  }
}
