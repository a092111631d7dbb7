package dev.headgate.jetty.http1;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import org.jspecify.annotations.Nullable;

/**
 * What comes on a connection, read from it by demand. State is guarded by the connection's lock.
 *
 * <p>A reader that takes all that comes reads at most {@link MessageReader#MOST_BYTES} before the
 * selector's other connections get their turn. It gets them in one piece where nobody looks at
 * pieces and it was still at work when it asked for more: one that has to wait for its own peer
 * would only have more memory bound to it.
 */
public abstract class ConnectionBody implements BodySource {
  /** After this many bytes without a pause others on the same thread get their turn. */
  private static final int TURN_BYTES = MessageReader.MOST_BYTES;

  private final Object lock;
  private final MessageReader reader;

  // Guarded by lock.
  private @Nullable Content next;
  private @Nullable Runnable demanded;
  private @Nullable Throwable failure;
  private boolean lastRead;
  private int turn;
  private boolean bulk;

  /** Whether the pending demand was made by a reader that had not had to wait. */
  private boolean busy;

  /** Whether the next read is the first one for such a demand. */
  private boolean most;

  /** What is to be called back now. Written with the lock held, read by who took it. */
  private @Nullable Runnable taken;

  private @Nullable Runnable callBack;

  /** Who is calling back: to itself each thread sees it right, and asks for no other. */
  private @Nullable Thread calling;

  /**
   * Makes a body.
   *
   * @param lock the connection's
   * @param reader the connection's
   */
  protected ConnectionBody(Object lock, MessageReader reader) {
    this.lock = lock;
    this.reader = reader;
  }

  // --- what the connection is asked

  /**
   * Reads from the network without waiting, and calls {@link #broken} where that fails or ends the
   * body too early. With the lock held.
   *
   * @param wide see {@link MessageReader#fill}
   */
  protected abstract void fill(boolean wide);

  /** Waits for the next readable event, unless that is so already. With the lock held. */
  protected abstract void watch();

  /**
   * Runs a task on a thread of the engine.
   *
   * @param task does not block
   */
  protected abstract void execute(Runnable task);

  /**
   * Turns broken framing into what the body fails with. With the lock held.
   *
   * @param reason the reader's
   * @return the same or another
   */
  protected Throwable malformed(BrokenBodyException reason) {
    return reason;
  }

  // --- reading

  @Override
  public final void bulk() {
    bulk = true;
  }

  /**
   * Returns the next content, from the network where none is at hand. With the lock held.
   *
   * @return as {@link #read()}
   */
  protected final @Nullable Content take() {
    Content content = atHand();
    if (content == null && turn < TURN_BYTES) {
      fill(most);
      most = false;
      content = atHand();
      if (content == null) turn = 0;
    }
    next = null;
    if (content != null) {
      turn += content.size();
      lastRead |= content.last() && content.failure() == null;
    }
    return content;
  }

  /** Returns what can be read without the network; stays there until it is read. */
  private @Nullable Content atHand() {
    if (failure != null) return HeapContent.failed(failure);
    if (lastRead) return HeapContent.end();
    if (next == null) {
      try {
        next = reader.readContent();
      } catch (BrokenBodyException e) {
        Throwable reason = malformed(e);
        failure = reason;
        return HeapContent.failed(reason);
      }
    }
    return next;
  }

  @Override
  public void demand(Runnable ready) {
    boolean now;
    boolean yield;
    synchronized (lock) {
      if (demanded != null) throw new IllegalStateException("a demand is pending");
      yield = turn >= TURN_BYTES;
      turn = 0;
      now = atHand() != null;
      if (!now) {
        // The selector comes back to it after all others that are ready.
        demanded = ready;
        busy = bulk && calling == Thread.currentThread();
        watch();
      }
    }
    if (!now) return;
    if (yield) {
      execute(ready);
    } else {
      ready.run();
    }
  }

  /**
   * Takes the pending demand as the connection is readable. With the lock held.
   *
   * @return what calls it back, to be run once, without the lock; null when there is none
   */
  public final @Nullable Runnable takeDemand() {
    if (demanded == null) return null;
    taken = demanded;
    demanded = null;
    most = busy;
    if (callBack == null) callBack = this::callBack;
    return callBack;
  }

  private void callBack() {
    Runnable ready = taken;
    taken = null;
    calling = Thread.currentThread();
    try {
      if (ready != null) ready.run();
    } finally {
      calling = null;
    }
  }

  // --- ends

  /**
   * Returns whether the last content was read. With the lock held.
   *
   * @return whether it was
   */
  protected final boolean lastRead() {
    return lastRead;
  }

  /**
   * Returns why it ended early. With the lock held.
   *
   * @return the reason; null when it did not
   */
  protected final @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Lets no further read succeed, unless the last content was read or it failed before. With the
   * lock held.
   *
   * @param reason why
   */
  protected final void broken(Throwable reason) {
    if (!lastRead && failure == null) failure = reason;
  }

  /**
   * Ends it with a failure, unless its last content was read: a pending demand is called back.
   *
   * @param reason why
   */
  public void fail(Throwable reason) {
    Runnable ready;
    Content unread;
    synchronized (lock) {
      if (lastRead) return;
      broken(reason);
      unread = next;
      next = null;
      ready = demanded;
      demanded = null;
    }
    if (unread != null) unread.release();
    if (ready != null) ready.run();
  }
}
