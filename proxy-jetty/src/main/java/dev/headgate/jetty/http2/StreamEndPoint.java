package dev.headgate.jetty.http2;

import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.Tunnel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * What a tunnel on a stream of HTTP/2 carries, as a socket, for a connection that speaks inside it.
 * Reads by demand. Takes what is written into a buffer, as a system does, and a writer waits while
 * that is full. A close lets go out what was taken before, and ends the stream. Has no idle
 * timeout: connections have deadlines of their own.
 *
 * <p>All that it calls on the stream and all that it tells its connection runs in an executor, as
 * connections hold locks when they call, and compute when they are called.
 */
public final class StreamEndPoint extends AbstractEndPoint {
  /** With so many bytes on their way a writer waits. */
  private static final int FULL_BYTES = 64 * 1024;

  /** So long a peer may take for what was written before a close, as a system would let it. */
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final EndPoint carrier;
  private final Tunnel tunnel;
  private final Runnable giveUp;
  private final Scheduler scheduler;
  private final Executor executor;

  private final Object lock = new Object();

  // Guarded by lock; nothing else is called with it.
  private @Nullable Content read;
  private boolean demanded;
  private boolean dropped;
  private ByteBuffer taken = NOTHING;
  private int underway;
  private boolean writing;
  private boolean blocked;
  private boolean ending;
  private boolean ended;
  private boolean closing;
  private boolean over;
  private Scheduler.@Nullable Task deadline;

  /**
   * Makes one.
   *
   * @param carrier what the stream's connection lies on, whose addresses it has
   * @param tunnel the stream
   * @param giveUp run when it was closed and all has been sent: what the peer still sends is not
   *     wanted
   * @param scheduler for the end of a close that the peer holds up
   * @param executor for all calls
   */
  public StreamEndPoint(
      EndPoint carrier, Tunnel tunnel, Runnable giveUp, Scheduler scheduler, Executor executor) {
    super(scheduler);
    setIdleTimeout(0);
    this.carrier = carrier;
    this.tunnel = tunnel;
    this.giveUp = giveUp;
    this.scheduler = scheduler;
    this.executor = executor;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return carrier.getLocalSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return carrier.getRemoteSocketAddress();
  }

  /** The tunnel, by which a connection that must not end cleanly is broken off. */
  @Override
  public Object getTransport() {
    return tunnel;
  }

  private void later(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      tunnel.abort(e); // all is stopping
    }
  }

  // --- input

  @Override
  protected void needsFillInterest() {
    boolean ready;
    synchronized (lock) {
      ready = read != null;
      if (!ready && demanded) return;
      demanded |= !ready;
    }
    later(ready ? getFillInterest()::fillable : this::demand);
  }

  private void demand() {
    tunnel.input().demand(() -> later(this::fetch));
  }

  /** Something has come. One at a time, as there is one demand at a time. */
  private void fetch() {
    Content piece = tunnel.input().read();
    boolean nothing = piece != null && piece.size() == 0 && !piece.last();
    if (nothing && piece != null) piece.release();
    if (piece == null || nothing) {
      demand();
      return;
    }
    boolean unwanted;
    synchronized (lock) {
      demanded = false;
      unwanted = dropped;
      if (!unwanted) read = piece;
    }
    if (unwanted) {
      piece.release();
    } else {
      getFillInterest().fillable();
    }
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (isInputShutdown()) return -1;
    Content taken;
    int filled;
    synchronized (lock) {
      Content piece = read;
      if (piece == null) return 0;
      Throwable failure = piece.failure();
      if (failure != null) throw new IOException("the stream broke", failure);
      filled = BufferUtil.append(buffer, piece.buffer());
      if (piece.buffer().hasRemaining()) return filled;
      read = null;
      taken = piece;
    }
    boolean last = taken.last();
    later(taken::release); // opens the window, which may write
    if (last) shutdownInput();
    return filled > 0 || !last ? filled : -1;
  }

  // --- output

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    synchronized (lock) {
      int size = 0;
      for (ByteBuffer buffer : buffers) size += buffer.remaining();
      if (size == 0) return true;
      if (over || ending) throw new EofException("closed");
      if (taken.remaining() + underway >= FULL_BYTES) return false;
      ByteBuffer all = ByteBuffer.allocate(taken.remaining() + size).put(taken);
      for (ByteBuffer buffer : buffers) all.put(buffer);
      taken = all.flip();
    }
    later(this::send);
    return true;
  }

  @Override
  protected void onIncompleteFlush() {
    synchronized (lock) {
      blocked = taken.remaining() + underway >= FULL_BYTES && !over;
      if (blocked) return;
    }
    later(getWriteFlusher()::completeWrite);
  }

  @Override
  protected void doShutdownOutput() {
    synchronized (lock) {
      ending = true;
    }
    later(this::send);
  }

  @Override
  protected void doClose() {
    Content unread;
    boolean last;
    boolean done;
    synchronized (lock) {
      unread = read;
      read = null;
      dropped = true;
      ending = true;
      closing = true;
      last = ended && !over;
      over |= ended;
      done = over;
    }
    if (unread != null) later(unread::release);
    if (last) later(giveUp);
    if (!done) endInTime();
  }

  /** What was written goes out yet, in a time of its own. */
  private void endInTime() {
    Scheduler.Task task =
        scheduler.schedule(
            () -> later(() -> breakOff(new EofException("closed"))),
            LAST_NANOS,
            TimeUnit.NANOSECONDS);
    boolean unneeded;
    synchronized (lock) {
      unneeded = over;
      if (!unneeded) deadline = task;
    }
    if (unneeded) task.cancel();
    later(this::send);
  }

  /**
   * The stream has ended, or its connection.
   *
   * @param reason why
   */
  public void lost(Throwable reason) {
    later(() -> close(reason));
  }

  /** Writes what was taken meanwhile, and the end: one write at a time. */
  private void send() {
    Content next;
    boolean last;
    synchronized (lock) {
      if (writing || over || ended || !(taken.hasRemaining() || ending)) return;
      writing = true;
      last = ending;
      underway = taken.remaining();
      next = HeapContent.of(taken, last);
      taken = NOTHING;
    }
    tunnel.write(next, last, new Sent(last));
  }

  /** The end of one write. */
  private final class Sent implements Completion {
    private final boolean last;

    Sent(boolean last) {
      this.last = last;
    }

    @Override
    public void succeeded() {
      boolean resumes;
      boolean unwanted;
      Scheduler.Task unneeded = null;
      synchronized (lock) {
        writing = false;
        underway = 0;
        resumes = blocked;
        blocked = false;
        ended = last;
        unwanted = last && closing && !over;
        over |= unwanted;
        if (unwanted) unneeded = deadline;
      }
      if (unneeded != null) unneeded.cancel();
      if (resumes) later(getWriteFlusher()::completeWrite);
      later(unwanted ? giveUp : StreamEndPoint.this::send);
    }

    @Override
    public void failed(Throwable reason) {
      later(
          () -> {
            breakOff(reason);
            close(reason);
          });
    }
  }

  /** The peer does not take what is left. */
  private void breakOff(Throwable reason) {
    Scheduler.Task unneeded;
    synchronized (lock) {
      if (over) return;
      over = true;
      blocked = false;
      taken = NOTHING;
      unneeded = deadline;
    }
    if (unneeded != null) unneeded.cancel();
    tunnel.abort(reason);
  }
}
