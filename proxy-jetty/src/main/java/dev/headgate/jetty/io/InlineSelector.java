package dev.headgate.jetty.io;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A selector that serves the sockets of connections in the loop that selects them. Jetty's own has
 * the JDK put their keys into a hash set, goes over that twice, and asks an execution strategy for
 * each task where to run it; as ours don't block, the outcome is the same, but costs more and
 * allocates with every round. Sockets that listen or connect go Jetty's way.
 */
final class InlineSelector extends ManagedSelector {
  private static final Logger LOG = LoggerFactory.getLogger(InlineSelector.class);

  /** The selector whose thread this is, while it serves connections. */
  private static final ThreadLocal<@Nullable InlineSelector> SERVING = new ThreadLocal<>();

  private final SharedSelectors selectors;
  private final Executor executor;
  private final Consumer<SelectionKey> take = this::take;

  // Of one round, on the selector's thread.
  private final List<StrictEndPoint> selected = new ArrayList<>();
  private final List<Runnable> atEnd = new ArrayList<>();
  private boolean others;
  private boolean unattached;

  /** Whether sockets that listen or connect are ready, for Jetty's loop to serve. */
  private boolean othersReady;

  private final Object lock = new Object();

  // Guarded by lock.
  private boolean looping;
  private boolean selecting;

  /** Whether Jetty's queue got something since this loop was last begun. */
  private boolean outside;

  private List<SelectorUpdate> updates = new ArrayList<>();
  private List<SelectorUpdate> spare = new ArrayList<>();

  InlineSelector(SharedSelectors selectors, int id) {
    super(selectors, id);
    this.selectors = selectors;
    this.executor = selectors.getExecutor();
  }

  /** Stays in its own loop while there is nothing to do for Jetty's. */
  @Override
  protected int nioSelect(Selector selector, boolean now) throws IOException {
    if (now || othersReady) {
      // They are ready still: selected once more, as Jetty expects it, with all the rest. By now
      // its queue of updates has been worked off, so that each key has its end point.
      othersReady = false;
      return selector.selectNow();
    }
    boolean forJetty;
    synchronized (lock) {
      looping = true;
      forJetty = outside;
      outside = false;
    }
    try {
      while (true) {
        boolean idle = update(selector);
        if (!selector.isOpen()) return 0;
        boolean asked = select(selector, idle);
        if (others) {
          othersReady = true;
          selected.clear();
          return 0;
        }
        if (selected.isEmpty() && !asked) return 0;
        serve();
        // The wake-up for what waits in Jetty's queue may have ended this very selection.
        if (unattached || forJetty) return 0;
      }
    } finally {
      leave();
    }
  }

  /** Returns whether updates came meanwhile. */
  private boolean select(Selector selector, boolean idle) throws IOException {
    others = false;
    unattached = false;
    if (idle) {
      selector.select(take);
    } else {
      selector.selectNow(take);
    }
    synchronized (lock) {
      selecting = false;
      return !updates.isEmpty();
    }
  }

  private void take(SelectionKey key) {
    Object attachment = key.attachment();
    if (attachment instanceof StrictEndPoint endPoint) {
      selected.add(endPoint);
    } else if (attachment instanceof SharedSelectors.Opener) {
      // Ready before Jetty's own queue of updates has put its end point here.
      unattached = true;
    } else {
      others = true;
    }
  }

  /**
   * Runs a task when all connections that are ready now have been served.
   *
   * @param task does not block
   * @return false when this is not the thread of a selector that serves: it has not been taken
   */
  static boolean atEndOfRound(Runnable task) {
    InlineSelector serving = SERVING.get();
    if (serving == null) return false;
    serving.atEnd.add(task);
    return true;
  }

  /**
   * Returns the selector whose thread this is, while it serves connections.
   *
   * @param among whose it must be
   * @return null on any other thread
   */
  static @Nullable ManagedSelector serving(SharedSelectors among) {
    InlineSelector serving = SERVING.get();
    return serving != null && serving.selectors == among ? serving : null;
  }

  private void serve() {
    SERVING.set(this);
    try {
      for (int i = 0; i < selected.size(); i++) serve(selected.get(i));
      // A task may ask for a further one.
      for (int i = 0; i < atEnd.size(); i++) end(atEnd.get(i));
    } finally {
      SERVING.set(null);
      atEnd.clear();
    }
    for (int i = 0; i < selected.size(); i++) selected.get(i).updateKey();
    selected.clear();
  }

  private static void end(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("a task at the end of a round failed", e);
    }
  }

  private void serve(StrictEndPoint endPoint) {
    try {
      Runnable task = endPoint.onSelected();
      if (task == null) return;
      switch (Invocable.getInvocationType(task)) {
        case NON_BLOCKING -> task.run();
        case EITHER -> Invocable.invokeNonBlocking(task);
        case BLOCKING -> executor.execute(task);
      }
    } catch (CancelledKeyException e) {
      endPoint.close(e); // closed by a task of this round
    } catch (RuntimeException | Error e) {
      LOG.warn("a connection's task failed", e);
      endPoint.close(e);
    }
  }

  /** Called on any thread. What a connection asks for while it is served needs no wake-up. */
  @Override
  public void submit(SelectorUpdate update) {
    Selector sleeping;
    synchronized (lock) {
      if (!looping) {
        outside = true;
        super.submit(update);
        return;
      }
      updates.add(update);
      sleeping = selecting ? getSelector() : null;
      selecting = false;
    }
    if (sleeping != null) sleeping.wakeup();
  }

  /**
   * Does what was asked for. What is asked for by that itself waits for the next round, as a socket
   * is closed for good only by a selection.
   *
   * @return whether there is nothing left to do but to wait
   */
  private boolean update(Selector selector) {
    List<SelectorUpdate> batch;
    synchronized (lock) {
      batch = updates;
      updates = spare;
      spare = batch;
    }
    for (int i = 0; i < batch.size(); i++) {
      try {
        batch.get(i).update(selector);
      } catch (RuntimeException | Error e) {
        LOG.warn("an update of a selector failed", e);
      }
    }
    batch.clear();
    synchronized (lock) {
      selecting = updates.isEmpty();
      return selecting;
    }
  }

  /** Jetty's loop goes on; what is still to be done is done there. */
  private void leave() {
    synchronized (lock) {
      looping = false;
      selecting = false;
      for (SelectorUpdate update : updates) super.submit(update);
      updates.clear();
    }
  }
}
