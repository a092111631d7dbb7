package dev.headgate.plugins.metrics;

import dev.headgate.api.PluginScheduler;
import dev.headgate.api.PluginScheduler.Cancellation;
import dev.headgate.plugins.metrics.SyncResult.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One sync, from the last delta written to the last batch sent. A chain of steps, each run on the
 * worker; none of them blocks for longer than the disk takes.
 *
 * <ol>
 *   <li>{@link #begin}: write what is still in memory, and take the lock for syncing.
 *   <li>{@link #next}: choose the oldest batch that is not done; only when there is none make one.
 *   <li>{@link #attempt}: send it.
 *   <li>{@link #answered}: taken: mark it synced and go to step 2, unless it was new. Not reached:
 *       wait, then step 3 again. Refused: end.
 *   <li>{@link #end}: give the lock back.
 * </ol>
 */
final class SyncRun {
  private static final List<Duration> BACK_OFF =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5));
  private static final Duration BUSY_POLL = Duration.ofMillis(250);

  private final Tools tools;
  private final Mode mode;
  private final Consumer<SyncResult> listener;
  private boolean ended;
  private SessionLock.@Nullable Permit permit;
  private @Nullable Attempt attempt;
  private @Nullable Cancellation timer;

  /** What comes after the pause under way; null when there is none. */
  private @Nullable Step paused;

  private int status;
  private long taken;

  /**
   * Makes a run.
   *
   * @param tools what it works with
   * @param mode what it is for
   * @param listener told how it ended, once, on the worker
   */
  SyncRun(Tools tools, Mode mode, Consumer<SyncResult> listener) {
    this.tools = tools;
    this.mode = mode;
    this.listener = listener;
  }

  /** Begins. To be called once, on the worker. */
  void start() {
    step(this::begin);
  }

  /**
   * Ends at once what is under way. The batch stays in the log, to be sent again. To be called on
   * the worker.
   */
  void abandon() {
    end(Kind.ABANDONED);
  }

  /**
   * Cuts the pause before the next attempt short, if there is one. To be called on the worker, when
   * somebody waits for the end.
   */
  void hurry() {
    Step next = paused;
    if (next == null) return;
    if (timer != null) timer.cancel();
    step(() -> resume(next));
  }

  private void begin() throws IOException {
    if (mode != Mode.LEFTOVERS) {
      try {
        tools.recorder().write();
      } catch (IOException e) {
        if (mode != Mode.LAST) throw e;
        tools.trouble().failed(e);
        beginFromMemory();
        return;
      }
    }
    permit = tools.lock().trySync().orElse(null);
    if (permit != null) {
      next();
    } else if (mode == Mode.LAST) {
      later(BUSY_POLL, this::begin);
    } else {
      end(Kind.BUSY);
    }
  }

  /** The last chance of deltas that no disk takes: they are counted now or not at all. */
  private void beginFromMemory() {
    Aggregate sum = tools.recorder().unstored();
    if (sum.isEmpty()) {
      end(Kind.NO_STORAGE);
      return;
    }
    String key = UUID.randomUUID().toString();
    Batch batch = new Batch(key, tools.renderer().render(key, sum), sum.deltas());
    attempt(new Sending(batch, false, false, 0));
  }

  private void next() throws IOException {
    Optional<DeltaLog.Next> next = tools.log().next(tools.renderer());
    tools.trouble().succeeded();
    if (next.isPresent()) {
      attempt(new Sending(next.get().batch(), true, next.get().before(), 0));
    } else {
      end(taken > 0 ? Kind.SYNCED : Kind.NOTHING);
    }
  }

  private void attempt(Sending sending) {
    attempt =
        tools.client().post(sending.batch(), answer -> onWorker(() -> answered(sending, answer)));
  }

  private void answered(Sending sending, Answer answer) throws IOException {
    if (answer instanceof Answer.Status got) {
      status = got.code();
      if (got.success()) {
        taken(sending);
      } else if (got.retryable()) {
        retry(sending, null);
      } else {
        refused(sending, got);
      }
    } else if (answer instanceof Answer.Unreachable unreachable) {
      status = 0;
      retry(sending, unreachable.cause());
    } else if (answer instanceof Answer.NoCredentials none) {
      warning()
          .addKeyValue("reason", none.reason())
          .log("metrics: no credentials, nothing is sent");
      end(Kind.NO_CREDENTIALS);
    }
  }

  private void taken(Sending sending) throws IOException {
    taken += sending.batch().deltas();
    if (sending.stored()) {
      tools.log().markSynced(sending.batch());
    } else {
      tools.recorder().forgetUnstored();
    }
    if (sending.before()) {
      next();
    } else {
      end(Kind.SYNCED);
    }
  }

  private void retry(Sending sending, @Nullable Throwable cause) {
    if (sending.retries() < BACK_OFF.size()) {
      Step next = () -> attempt(sending.again());
      paused = next;
      later(BACK_OFF.get(sending.retries()), () -> resume(next));
    } else {
      (cause == null ? warning() : warning().setCause(cause))
          .log("metrics: the API could not be reached; the deltas stay pending");
      end(Kind.UNREACHABLE);
    }
  }

  /** Ends a pause, unless it has been cut short. */
  private void resume(Step next) throws IOException {
    if (paused != next) return;
    paused = null;
    next.run();
  }

  private void refused(Sending sending, Answer.Status got) throws IOException {
    warning().log("metrics: the API refused the metric; the deltas stay pending");
    if (got.rejectsMetric() && sending.stored()) tools.log().dissolve(sending.batch());
    end(Kind.REFUSED);
  }

  private void end(Kind kind) {
    if (ended) return;
    ended = true;
    if (timer != null) timer.cancel();
    if (attempt != null) attempt.cancel();
    try {
      if (permit != null) permit.release();
    } catch (IOException e) {
      tools.logger().atWarn().setCause(e).log("metrics: the lock for syncing can't be released");
    }
    listener.accept(new SyncResult(kind, status, taken));
  }

  private void later(Duration delay, Step step) {
    timer = tools.scheduler().schedule(delay, () -> onWorker(step));
  }

  private void onWorker(Step step) {
    tools.worker().execute(() -> step(step));
  }

  /** Runs a step, unless the run has ended; whatever goes wrong in it ends the run. */
  private void step(Step step) {
    if (ended) return;
    try {
      step.run();
    } catch (IOException e) {
      tools.trouble().failed(e);
      end(Kind.NO_STORAGE);
    } catch (RuntimeException e) {
      tools.logger().atError().setCause(e).log("metrics: a sync failed, which is a bug");
      end(Kind.ABANDONED);
    }
  }

  private LoggingEventBuilder warning() {
    LoggingEventBuilder warning =
        tools.logger().atWarn().addKeyValue("endpoint", tools.client().endpointForLogs());
    return status > 0 ? warning.addKeyValue("status", status) : warning;
  }

  /**
   * A batch on its way.
   *
   * @param batch the batch
   * @param stored whether it is in the log, not only in memory
   * @param before whether it was made by an earlier run
   * @param retries how often it has been sent again in this run
   */
  private record Sending(Batch batch, boolean stored, boolean before, int retries) {
    Sending again() {
      return new Sending(batch, stored, before, retries + 1);
    }
  }

  /** A step of a run. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** What a run is for. */
  enum Mode {
    /** The start of a proxy: what an earlier process left. */
    LEFTOVERS,
    /** The interval: everything; not if someone else is at it. */
    INTERVAL,
    /** The stop: everything, waiting for someone else if need be, from memory if need be. */
    LAST
  }

  /**
   * What runs work with.
   *
   * @param worker runs the steps
   * @param scheduler runs them later
   * @param recorder holds what is not in the log yet
   * @param lock keeps others from syncing
   * @param log holds the rest
   * @param renderer makes bodies
   * @param client sends them
   * @param trouble logs failing disks
   * @param logger logs everything else
   */
  record Tools(
      SerialExecutor worker,
      PluginScheduler scheduler,
      Recorder recorder,
      SessionLock lock,
      DeltaLog log,
      Batch.Renderer renderer,
      SyncClient client,
      DiskTrouble trouble,
      Logger logger) {}
}
