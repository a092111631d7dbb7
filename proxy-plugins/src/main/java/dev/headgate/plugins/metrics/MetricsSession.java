package dev.headgate.plugins.metrics;

import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginScheduler.Cancellation;
import dev.headgate.plugins.metrics.SyncResult.Kind;
import dev.headgate.plugins.metrics.SyncRun.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** All that belongs to the metrics of one proxy, from its start to its stop. */
final class MetricsSession {
  private final MetricsSettings settings;
  private final PluginContext context;
  private final SharedHttp http;
  private final Logger logger;
  private final SerialExecutor worker;
  private final SessionLock lock;
  private final FactsFile facts;
  private final DiskTrouble trouble;
  private final Recorder recorder;
  private final Syncer syncer;
  private @Nullable Cancellation interval;
  private boolean factsFailed;

  MetricsSession(MetricsSettings settings, PluginContext context, SharedHttp http) {
    this.settings = settings;
    this.context = context;
    this.http = http;
    this.logger = context.logger();
    this.worker = new SerialExecutor(context.blockingExecutor(), logger);
    SessionFiles files = SessionFiles.of(settings.directory(), context.session().id());
    this.lock = new SessionLock(files);
    this.facts = new FactsFile(lock, files.facts(), context.session(), context.clock());
    DeltaLog log = new DeltaLog(lock, files, context.clock(), logger);
    this.trouble = new DiskTrouble(files.directory(), logger);
    this.recorder =
        new Recorder(
            context.session().id(),
            log,
            trouble,
            worker,
            context.scheduler(),
            context.clock(),
            logger);
    SyncClient client =
        new SyncClient(http, settings, context.credentials(), context.scheduler(), context.clock());
    this.syncer =
        new Syncer(
            new SyncRun.Tools(
                worker,
                context.scheduler(),
                recorder,
                lock,
                log,
                new MetricBody(settings, context.session(), context.clock()),
                client,
                trouble,
                logger),
            this::synced);
  }

  /** Returns where deltas go. */
  Recorder recorder() {
    return recorder;
  }

  /**
   * Starts: sends what an earlier process left, and from then on all that is pending at every
   * interval. Touches no file on the calling thread.
   */
  void start() {
    http.open();
    if (settings.cleartext()) {
      logger
          .atWarn()
          .addKeyValue("endpoint", settings.endpointForLogs())
          .log("metrics: the session's cookies go out unencrypted");
    }
    // Before any delta can be written, so that leftovers are not mixed with what comes now.
    syncer.sync(Mode.LEFTOVERS);
    worker.execute(() -> writeFacts(true, null));
    interval =
        context
            .scheduler()
            .scheduleRepeatedly(settings.interval(), () -> syncer.sync(Mode.INTERVAL));
  }

  /**
   * Stops: takes no more deltas, writes those that have come, syncs a last time. Blocks until that
   * is done or has been given up.
   *
   * @param deadline when to give up; what the API has not taken by then stays on disk
   * @throws InterruptedException if the proxy does not wait any longer
   */
  void stop(Duration deadline) throws InterruptedException {
    if (interval != null) interval.cancel();
    recorder.close();
    CompletableFuture<Void> done = syncer.finish().thenAccept(this::close);
    Cancellation timer = context.scheduler().schedule(deadline, syncer::abandon);
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the metrics could not be closed", e.getCause());
    } catch (InterruptedException e) {
      syncer.abandon();
      throw e;
    } finally {
      timer.cancel();
      worker.execute(this::closeHttp);
    }
  }

  private void synced(SyncResult result) {
    if (result.kind() == Kind.NOTHING || result.kind() == Kind.BUSY) return;
    writeFacts(true, result);
    logger
        .atDebug()
        .addKeyValue("result", result.kind().label())
        .addKeyValue("deltas", result.deltas())
        .log("metrics: sync ended");
  }

  private void close(SyncResult result) {
    if (result.kind() == Kind.ABANDONED) {
      logger
          .atWarn()
          .addKeyValue("endpoint", settings.endpointForLogs())
          .log("metrics: the last sync did not end in time; the deltas stay pending on disk");
    }
    try {
      recorder.write();
    } catch (IOException e) {
      logger
          .atError()
          .addKeyValue("deltas", recorder.left())
          .addKeyValue("directory", settings.directory())
          .setCause(e)
          .log("metrics: deltas could be neither written nor sent, and are lost");
    }
    writeFacts(false, null);
    try {
      lock.close();
    } catch (IOException e) {
      logger.atWarn().setCause(e).log("metrics: the lock file can't be closed");
    }
  }

  private void closeHttp() {
    try {
      http.close();
    } catch (Exception e) {
      logger.atWarn().setCause(e).log("metrics: the HTTP client can't be closed");
    }
  }

  /** Nothing depends on the facts, so a failure is logged, once with all that it causes. */
  private void writeFacts(boolean running, @Nullable SyncResult sync) {
    try {
      facts.write(running, sync);
      factsFailed = false;
    } catch (IOException e) {
      if (!factsFailed && !trouble.ongoing()) {
        logger.atWarn().setCause(e).log("metrics: the session's facts can't be written");
      }
      factsFailed = true;
    }
  }
}
