package dev.headgate.core.exchange;

import dev.headgate.api.Hook;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.body.CollectedBody;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;
import dev.headgate.core.http.HeaderList;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs one deciding hook through the chain: calls each plugin in its transaction, resolves what it
 * decides, and turns faults into what the plugin's policy says. The synchronous path allocates
 * nothing.
 *
 * @param <D> the type of decision
 */
abstract class HeadHooks<D> {
  /** What to do with a decision. */
  enum Kind {
    PROCEED,
    EDIT,
    LATER,
    COLLECT,
    /** All others, which the subclass carries out. */
    OTHER
  }

  /** So often one call may put its decision off without waiting; one that goes on has no end. */
  private static final int MOST_STEPS = 100;

  final Exchange exchange;
  private final CallContext context;
  private final Link[] links;
  private final Hook hook;
  private final CallContext.Writes writes;
  private int index;

  /**
   * When the pending decision of the present plugin becomes a fault; only valid while one is
   * pending.
   */
  private long deadline;

  private boolean deadlineSet;

  /** How often the present plugin has put its decision off without waiting. */
  private int steps;

  HeadHooks(
      Exchange exchange, CallContext context, Link[] links, Hook hook, CallContext.Writes writes) {
    this.exchange = exchange;
    this.context = context;
    this.links = links;
    this.hook = hook;
    this.writes = writes;
  }

  abstract D call(Link link, ProxyContext ctx) throws Exception;

  /** Whether a plugin has no part in this hook of the exchange. */
  boolean skips(Link link) {
    return exchange.skips(link);
  }

  abstract Kind kind(D decision);

  abstract Consumer<? super ProxyContext> edits(D decision);

  abstract CompletionStage<? extends D> stage(D decision);

  abstract int maxBytes(D decision);

  abstract Function<? super CollectedBody, ? extends D> then(D decision);

  /** The fields of the head that is decided on. */
  abstract HeaderList headers();

  /** Gives the body for a plugin that asked for it. */
  abstract void collect(Link link, int maxBytes, BodyCollector.Result result);

  /** Puts a collected body back, to be sent as usual. */
  abstract void restore(ByteBuffer body);

  /** Carries out a decision of kind OTHER; returns whether the next plugin is called. */
  abstract boolean carryOut(Link link, D decision);

  /** Ends the exchange because a body to collect is over its limit. */
  abstract void tooLarge(Link link, int maxBytes);

  /** Ends the exchange because a body to collect broke. */
  abstract void bodyFailed(Throwable reason);

  /** All plugins have decided to proceed. */
  abstract void completed();

  /** The decision that is waited for, if any. */
  private volatile @Nullable AwaitedDecision<D> pending;

  /** The exchange has ended: a decision that is still to come has no effect. */
  final void abandon() {
    AwaitedDecision<D> awaited = pending;
    if (awaited != null) awaited.abandon();
  }

  /** Calls plugin after plugin, until one ends the exchange or has to be waited for. */
  final void run() {
    for (; index < links.length; index++) {
      Link link = links[index];
      if (skips(link)) continue;
      deadlineSet = false;
      steps = 0;
      if (link.blocking) {
        callBlocking(link, ctx -> call(link, ctx), true);
        return;
      }
      if (!exchange.enter()) return;
      boolean next;
      try {
        context.begin(writes);
        next = settle(link, decide(link));
      } finally {
        exchange.exit();
      }
      if (!next) return;
    }
    completed();
  }

  /** A decision or a fault; a plain pair would cost an allocation for each call. */
  private @Nullable Throwable thrown;

  private @Nullable D decide(Link link) {
    thrown = null;
    try {
      return call(link, context);
    } catch (Throwable t) {
      thrown = t;
      return null;
    } finally {
      context.seal();
    }
  }

  /**
   * Resolves a decision as far as possible without waiting; returns whether the next plugin is
   * called.
   */
  private boolean settle(Link link, @Nullable D decision) {
    D current = decision;
    while (true) {
      if (thrown != null) return faulted(link, thrown);
      if (current == null) {
        return faulted(link, new NullPointerException(hook.methodName() + " decided on null"));
      }
      Kind kind = kindOf(current);
      if (kind == null) continue; // a fault
      switch (kind) {
        case PROCEED -> {
          context.commit();
          return true;
        }
        case EDIT -> {
          return settleEdits(link, edits(current));
        }
        case LATER -> {
          if (++steps > MOST_STEPS) return faulted(link, endless());
          AwaitedDecision<D> awaited = new AwaitedDecision<>(this, link);
          pending = awaited;
          if (!awaited.await(stage(current))) return false; // has its deadline
          thrown = awaited.thrown;
          current = awaited.decision;
        }
        case COLLECT -> {
          if (++steps > MOST_STEPS) return faulted(link, endless());
          int maxBytes = maxBytes(current);
          collect(link, maxBytes, new CollectedDecision<>(this, link, maxBytes, then(current)));
          return false;
        }
        case OTHER -> {
          context.commit();
          return carryOut(link, current);
        }
      }
    }
  }

  /** Null where a plugin that casts without a check brought something that is no decision. */
  private @Nullable Kind kindOf(D decision) {
    try {
      return kind(decision);
    } catch (ClassCastException e) {
      thrown = e;
      return null;
    }
  }

  private IllegalStateException endless() {
    return new IllegalStateException(
        hook.methodName() + " put its decision off more than " + MOST_STEPS + " times at once");
  }

  private boolean settleEdits(Link link, Consumer<? super ProxyContext> edits) {
    if (link.blocking) {
      callBlocking(
          link,
          ctx -> {
            edits.accept(ctx);
            return proceed();
          },
          false);
      return false;
    }
    edit(edits);
    if (thrown != null) return faulted(link, thrown);
    context.commit();
    return true;
  }

  abstract D proceed();

  private void edit(Consumer<? super ProxyContext> edits) {
    context.reopen();
    try {
      edits.accept(context);
    } catch (Throwable t) {
      thrown = t;
    } finally {
      context.seal();
    }
  }

  private boolean faulted(Link link, Throwable fault) {
    thrown = null;
    context.rollback();
    return exchange.headFault(link, hook, fault);
  }

  /** Goes on with a decision that was waited for, within the deadline. */
  final void awaited(Link link, @Nullable D decision, @Nullable Throwable fault) {
    steps = 0;
    resume(link, decision, fault);
  }

  /** Goes on with a decision that came on another thread. */
  final void resume(Link link, @Nullable D decision, @Nullable Throwable fault) {
    if (!exchange.enter()) return;
    boolean next;
    try {
      thrown = fault;
      next = settle(link, decision);
    } finally {
      exchange.exit();
    }
    if (next) {
      index++;
      run();
    }
  }

  /** When the pending decision of the present plugin becomes a fault. */
  final long deadline(Link link) {
    if (!deadlineSet) {
      deadline = exchange.engine().nanoTime() + link.metadata.hookDeadline().toNanos();
      deadlineSet = true;
    }
    return deadline;
  }

  /** Lets a plugin decide on a body that was collected for it. */
  final void decideOn(
      Link link, Function<? super CollectedBody, ? extends D> then, ByteBuffer body) {
    CollectedBody whole = new CollectedBody(body);
    if (link.blocking) {
      callBlocking(link, ctx -> then.apply(whole), false);
    } else {
      apply(link, then, whole);
    }
  }

  private void apply(
      Link link, Function<? super CollectedBody, ? extends D> then, CollectedBody body) {
    if (!exchange.enter()) return;
    D decision = null;
    Throwable fault = null;
    try {
      context.reopen();
      try {
        decision = then.apply(body);
      } catch (Throwable t) {
        fault = t;
      } finally {
        context.seal();
      }
      resume(link, decision, fault);
    } finally {
      exchange.exit();
    }
  }

  /**
   * A call that may block; it works on a copy of the head, which is taken over when it is settled.
   */
  private interface BlockingCall<D> {
    @Nullable D run(ProxyContext ctx) throws Exception;
  }

  /**
   * Makes a blocking call.
   *
   * @param first whether it is the hook itself, which begins the transaction, or a function that
   *     the hook's decision asked for, within it
   */
  private void callBlocking(Link link, BlockingCall<D> call, boolean first) {
    CallContext detached = context.detached(writes);
    exchange.<D>runBlocking(
        link,
        () -> {
          detached.begin(writes);
          try {
            return call.run(detached);
          } finally {
            detached.seal();
          }
        },
        (decision, fault) -> {
          if (first) {
            context.begin(writes);
            context.seal();
          }
          if (fault != null || decision == null) {
            detached.rollback();
          } else {
            context.adopt(detached);
            detached.commit();
          }
          resume(link, decision, fault);
        });
  }
}
