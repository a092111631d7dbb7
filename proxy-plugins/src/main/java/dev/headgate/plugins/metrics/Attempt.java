package dev.headgate.plugins.metrics;

import dev.headgate.api.PluginScheduler.Cancellation;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to send a batch. It ends once: with an answer, by its time limit, or by being
 * cancelled, in which case nobody is told. Thread-safe.
 */
final class Attempt {
  private final Consumer<Answer> listener;
  private boolean ended;
  private int status;
  private @Nullable Cancellation timer;
  private @Nullable Future<?> call;

  Attempt(Consumer<Answer> listener) {
    this.listener = listener;
  }

  /** Notes what keeps the time. */
  void timer(Cancellation timer) {
    synchronized (this) {
      if (!ended) {
        this.timer = timer;
        return;
      }
    }
    timer.cancel();
  }

  /** Notes the call, unless the attempt has ended, which then ends the call. */
  void call(Future<?> call) {
    synchronized (this) {
      if (!ended) {
        this.call = call;
        return;
      }
    }
    call.cancel(true);
  }

  /** Notes that the head of an answer has come. */
  synchronized void status(int code) {
    status = code;
  }

  synchronized boolean ended() {
    return ended;
  }

  /** Ends the attempt, if it has not ended: with the status if one has come, whatever came then. */
  void end(Answer otherwise) {
    int code;
    synchronized (this) {
      code = status;
    }
    if (close()) listener.accept(code > 0 ? new Answer.Status(code) : otherwise);
  }

  /** Ends the attempt without an answer. */
  void cancel() {
    close();
  }

  private boolean close() {
    Cancellation openTimer;
    Future<?> openCall;
    synchronized (this) {
      if (ended) return false;
      ended = true;
      openTimer = timer;
      openCall = call;
    }
    if (openTimer != null) openTimer.cancel();
    if (openCall != null) openCall.cancel(true);
    return true;
  }
}
