package dev.headgate.jetty.http1;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.Tunnel;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose HTTP has ended: raw bytes both ways. Its connection gives it the readable
 * events and takes back nothing but the end. State is guarded by the connection's lock.
 */
public abstract class RawTunnel implements Tunnel, BodySource, Completion {
  /** After this many bytes without a pause others on the same thread get their turn. */
  private static final int TURN_BYTES = 256 * 1024;

  private final Object lock;
  private final EndPoint endPoint;
  private final MessageReader reader;
  private final MessageWriter writer;

  // Guarded by lock.
  private @Nullable Content next;
  private @Nullable Runnable demanded;
  private @Nullable Throwable failure;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean over;
  private int turn;

  // Of the write that is under way; one writer at a time.
  private @Nullable Completion done;
  private boolean last;

  /**
   * Takes over a connection, with what its reader has at hand.
   *
   * @param lock the connection's
   * @param endPoint the connection's
   * @param reader the connection's; from now on it finds nothing but raw bytes
   * @param writer the connection's; used once what is written now is out
   */
  protected RawTunnel(Object lock, EndPoint endPoint, MessageReader reader, MessageWriter writer) {
    this.lock = lock;
    this.endPoint = endPoint;
    this.reader = reader;
    this.writer = writer;
  }

  /** Waits for the next readable event, unless that is so already. With the lock held. */
  protected abstract void watch();

  /**
   * Runs a task on a thread of the engine.
   *
   * @param task does not block
   */
  protected abstract void execute(Runnable task);

  /** Closes the connection: both directions have ended, or the tunnel was broken off. */
  protected abstract void close();

  @Override
  public BodySource input() {
    return this;
  }

  // --- the input

  @Override
  public @Nullable Content read() {
    Content content;
    boolean ended = false;
    synchronized (lock) {
      content = atHand();
      if (content == null && turn < TURN_BYTES) {
        fill();
        content = atHand();
        if (content == null) turn = 0;
      }
      next = null;
      if (content != null) {
        turn += content.size();
        if (content.last() && content.failure() == null && !inputEnded) {
          inputEnded = true;
          ended = outputEnded && !over;
          over |= ended;
        }
      }
    }
    if (ended) close();
    return content;
  }

  private void fill() {
    try {
      if (reader.fill(endPoint) < 0) reader.endOfConnection();
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Returns what can be read without the network; stays there until it is read. */
  private @Nullable Content atHand() {
    if (failure != null) return HeapContent.failed(failure);
    if (inputEnded) return HeapContent.end();
    if (next == null) {
      try {
        next = reader.readContent();
      } catch (BrokenBodyException e) {
        failure = e; // raw bytes have no framing to break
        return HeapContent.failed(e);
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
      now = !yield && atHand() != null;
      if (!now && !yield) {
        demanded = ready;
        watch();
      }
    }
    if (yield) {
      execute(ready);
    } else if (now) {
      ready.run();
    }
  }

  /**
   * Takes the pending demand, to be called back as the connection is readable. With the lock held.
   *
   * @return the demand; null when there is none
   */
  public @Nullable Runnable takeDemand() {
    Runnable ready = demanded;
    demanded = null;
    return ready;
  }

  @Override
  public long length() {
    return -1;
  }

  // --- the output

  @Override
  public void write(Content content, boolean isLast, Completion completion) {
    Throwable lost;
    synchronized (lock) {
      lost = over ? failed() : null;
    }
    if (lost != null) {
      content.release();
      completion.failed(lost);
      return;
    }
    done = completion;
    last = isLast;
    writer.begin();
    writer.send(content, isLast, null, this);
  }

  private Throwable failed() {
    Throwable reason = failure;
    return reason != null ? reason : new EofException("the tunnel is closed");
  }

  @Override
  public void succeeded() {
    Completion told = done;
    done = null;
    if (last) endOutput();
    if (told != null) told.succeeded();
  }

  private void endOutput() {
    boolean ended;
    synchronized (lock) {
      outputEnded = true;
      ended = inputEnded && !over;
      over |= ended;
    }
    endPoint.shutdownOutput();
    if (ended) close();
  }

  @Override
  public void failed(Throwable reason) {
    Completion told = done;
    done = null;
    if (told != null) told.failed(reason);
  }

  // --- ends

  @Override
  public void abort(Throwable reason) {
    synchronized (lock) {
      if (over) return;
      over = true;
      if (!inputEnded && failure == null) failure = reason;
    }
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // Closed already.
      }
    }
    close();
    lost(reason);
  }

  /**
   * The connection was closed by somebody else, or was broken off.
   *
   * @param reason why
   */
  public void lost(Throwable reason) {
    Runnable ready;
    Content unread;
    synchronized (lock) {
      over = true;
      if (!inputEnded && failure == null) failure = reason;
      unread = next;
      next = null;
      ready = takeDemand();
    }
    if (unread != null) unread.release();
    if (ready != null) ready.run();
  }
}
