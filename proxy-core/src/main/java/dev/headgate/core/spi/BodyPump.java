package dev.headgate.core.spi;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Moves a body: reads a piece, writes it, and reads the next one when that has been taken, so that
 * no more than one piece is ever held. Where to and with what around it is the subclass's.
 *
 * <p>What may let it go on are signals: {@link #run()}, and the end of a write. They may come on
 * any thread, at any time. Each is answered by a turn, on the thread of the signal or on one that
 * is in a turn already: turns never overlap, happen-before each other, and do not recurse, however
 * many writes end before their method returns. All protected methods are called within a turn, or
 * are to be called from there. They must not block or throw. A turn allocates nothing of its own.
 */
public abstract class BodyPump implements Completion, Runnable {
  private static final AtomicIntegerFieldUpdater<BodyPump> SIGNALS =
      AtomicIntegerFieldUpdater.newUpdater(BodyPump.class, "signals");

  /** Those that came and have not had their turn to its end. */
  @SuppressWarnings("unused") // by the updater
  private volatile int signals;

  // Written within turns.
  private boolean demanding;
  private boolean writing;
  private boolean lastWritten;

  /** Whether the body called back since it was asked to; written before it is asked. */
  private volatile boolean ready;

  private volatile boolean stopped;
  private volatile boolean written;
  private volatile @Nullable Throwable writeFailure;

  /** Makes one that has not begun: {@link #run()} starts it. */
  protected BodyPump() {}

  /** Starts it, and goes on when the body has something to read. */
  @Override
  public final void run() {
    ready = true;
    signal();
  }

  /** Goes on as far as it can, if something else than the body may have changed. */
  protected final void goOn() {
    signal();
  }

  /** The write that is under way was taken. */
  @Override
  public final void succeeded() {
    written = true;
    signal();
  }

  /**
   * The write that is under way failed.
   *
   * @param reason why
   */
  @Override
  public final void failed(Throwable reason) {
    writeFailure = reason;
    written = true;
    signal();
  }

  /**
   * Nothing further is to be read or written. A write that is under way still has its end. May be
   * called on any thread, and again.
   */
  public final void stop() {
    stopped = true;
  }

  /**
   * Returns whether nothing further is read or written.
   *
   * @return true after {@link #stop()}, a failure and the last write
   */
  protected final boolean stopped() {
    return stopped;
  }

  /** Takes a turn for each signal that came during one, so that nothing recurses. */
  private void signal() {
    if (SIGNALS.getAndIncrement(this) != 0) return;
    do {
      turn();
    } while (SIGNALS.decrementAndGet(this) != 0);
  }

  private void turn() {
    if (writing) {
      if (!written) return;
      written = false;
      writing = false;
      Throwable failure = writeFailure;
      if (failure != null) {
        stopped = true;
        writeFailed(failure);
        return;
      }
      if (!taken(lastWritten)) return;
      if (lastWritten) {
        stopped = true;
        ended();
        return;
      }
    }
    if (!stopped) next();
  }

  /**
   * Says that a write begins, whose {@link Completion} this pump is. To be called right before it.
   *
   * @param last whether {@link #ended()} follows when it was taken, and nothing else is read
   */
  protected final void writing(boolean last) {
    writing = true;
    lastWritten = last;
  }

  /**
   * Reads a piece, unless a demand is pending: its failure ends the pump, and all else is told to
   * {@link #write} or {@link #nothingYet}.
   *
   * @param body where to read
   */
  protected final void read(BodySource body) {
    if (demanding && !ready) return; // woken by something else
    demanding = false;
    Content content = body.read();
    if (content == null) {
      nothingYet(body);
      return;
    }
    Throwable failure = content.failure();
    if (failure == null) {
      write(content, content.last());
    } else {
      content.release();
      stopped = true;
      readFailed(failure);
    }
  }

  /** No write is under way, and the pump was not stopped: {@link #read} or write something. */
  protected abstract void next();

  /**
   * There is nothing to read now. Demands it by default.
   *
   * @param body where it will be
   */
  protected void nothingYet(BodySource body) {
    ready = false;
    demanding = true;
    body.demand(this);
  }

  /**
   * A piece was read: write it.
   *
   * @param content the piece, with a reference that is the callee's
   * @param last whether it is the last one
   */
  protected abstract void write(Content content, boolean last);

  /**
   * A write was taken; does nothing by default.
   *
   * @param last what {@link #writing} was told
   * @return true; false if another write was begun instead of going on
   */
  protected boolean taken(boolean last) {
    return true;
  }

  /** The last write was taken. Called once, if at all, and nothing after it. */
  protected abstract void ended();

  /**
   * The body could not be read on. Nothing is called after it.
   *
   * @param reason why
   */
  protected abstract void readFailed(Throwable reason);

  /**
   * A write failed. Nothing is called after it.
   *
   * @param reason why
   */
  protected abstract void writeFailed(Throwable reason);
}
