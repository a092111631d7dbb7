package dev.headgate.plugins.metrics;

import dev.headgate.plugins.metrics.SyncResult.Kind;
import dev.headgate.plugins.metrics.SyncRun.Mode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a proxy never syncs twice at a time, and that its last sync comes last.
 * Thread-safe: all state belongs to the worker.
 */
final class Syncer {
  private final SyncRun.Tools tools;
  private final Consumer<SyncResult> ended;
  private @Nullable SyncRun running;
  private @Nullable CompletableFuture<SyncResult> last;
  private boolean abandoned;

  /**
   * Makes a syncer.
   *
   * @param tools what runs work with
   * @param ended told the end of each run, on the worker
   */
  Syncer(SyncRun.Tools tools, Consumer<SyncResult> ended) {
    this.tools = tools;
    this.ended = ended;
  }

  /** Starts a run, unless one is under way or the last one has been asked for. */
  void sync(Mode mode) {
    tools
        .worker()
        .execute(
            () -> {
              if (running == null && last == null) run(mode);
            });
  }

  /**
   * Starts the last run, at once or after the one under way, which makes its next attempt at once
   * if it is waiting for it. When that one ends without having reached the API, it was the last: it
   * has used up its attempts only now.
   *
   * @return how the last run ended; completed on the worker, never exceptionally
   */
  CompletableFuture<SyncResult> finish() {
    CompletableFuture<SyncResult> end = new CompletableFuture<>();
    tools
        .worker()
        .execute(
            () -> {
              last = end;
              if (running == null) {
                run(Mode.LAST);
              } else {
                running.hurry();
              }
            });
    return end;
  }

  /** Ends the run under way, if there is one, and lets no other begin. */
  void abandon() {
    tools
        .worker()
        .execute(
            () -> {
              abandoned = true;
              if (running != null) running.abandon();
            });
  }

  private void run(Mode mode) {
    if (abandoned) {
      completeLast(new SyncResult(Kind.ABANDONED, 0, 0));
      return;
    }
    SyncRun run = new SyncRun(tools, mode, result -> ended(mode, result));
    running = run;
    run.start();
  }

  private void ended(Mode mode, SyncResult result) {
    running = null;
    ended.accept(result);
    if (last == null) return;
    if (mode == Mode.LAST || result.kind() == Kind.UNREACHABLE) {
      completeLast(result);
    } else {
      run(Mode.LAST);
    }
  }

  private void completeLast(SyncResult result) {
    if (last != null) last.complete(result);
  }
}
