package dev.headgate.core.exchange;

import dev.headgate.core.chain.Link;
import dev.headgate.core.spi.Engine;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a decision that a stage will bring, within the plugin's deadline.
 *
 * @param <D> the type of decision
 */
final class AwaitedDecision<D> {
  private final HeadHooks<D> hooks;
  private final Link link;

  // Once settled, both null if it was abandoned.
  @Nullable D decision;
  @Nullable Throwable thrown;

  // Guarded by this.
  private boolean settled;
  private boolean waiting;
  private Engine.@Nullable Timer timer;

  AwaitedDecision(HeadHooks<D> hooks, Link link) {
    this.hooks = hooks;
    this.link = link;
  }

  /** Returns whether the decision is here already. */
  boolean await(CompletionStage<? extends D> stage) {
    try {
      stage.whenComplete((result, reason) -> settle(result, reason));
    } catch (Throwable t) {
      settle(null, t); // the stage is the plugin's own code
    }
    synchronized (this) {
      if (settled) return true;
      waiting = true;
      Engine engine = hooks.exchange.engine();
      timer = engine.schedule(hooks.deadline(link) - engine.nanoTime(), this::expire);
      return false;
    }
  }

  /** The exchange has ended: whatever comes has no effect. */
  synchronized void abandon() {
    settled = true;
    if (timer != null) timer.cancel();
  }

  private void expire() {
    Duration allowed = link.metadata.hookDeadline();
    settle(null, new TimeoutException("no decision within the hook deadline of " + allowed));
  }

  private void settle(@Nullable D result, @Nullable Throwable reason) {
    synchronized (this) {
      if (settled) return;
      settled = true;
      decision = result;
      thrown = reason;
      if (timer != null) timer.cancel();
      if (!waiting) return;
    }
    hooks.exchange.engine().executor().execute(() -> hooks.awaited(link, result, reason));
  }
}
