package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.jetty.http1.BrokenBodyException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A response's body, read from the connection by demand. State is guarded by the connection's lock.
 */
final class ResponseBody implements BodySource {
  /** After this many bytes without a pause others on the same thread get their turn. */
  private static final int TURN_BYTES = 256 * 1024;

  private final Transfer transfer;
  private final UpstreamConnection connection;
  private final ResponseReader reader;
  private final long length;
  private @Nullable Content next;
  private @Nullable Runnable demanded;
  private @Nullable Throwable failure;
  private @Nullable HeaderList trailers;
  private boolean lastRead;
  private int turn;

  ResponseBody(Transfer transfer, UpstreamConnection connection, ResponseReader reader) {
    this.transfer = transfer;
    this.connection = connection;
    this.reader = reader;
    this.length = reader.length();
  }

  @Override
  public @Nullable Content read() {
    Content content;
    boolean complete;
    Throwable broken = null;
    synchronized (connection.lock()) {
      boolean before = lastRead || failure != null;
      content = atHand();
      if (content == null && turn < TURN_BYTES) {
        if (fill() > 0) {
          content = atHand();
        } else if (failure != null || reader.ended()) {
          content = atHand();
        }
        if (content == null) turn = 0;
      }
      next = null;
      if (content != null) {
        turn += content.size();
        if (failure == null && content.last()) {
          lastRead = true;
          trailers = reader.trailers();
        }
      }
      complete = lastRead && !before;
      if (failure != null && !before) broken = failure;
    }
    if (complete) transfer.responseEnded();
    if (broken != null) transfer.abort(broken);
    return content;
  }

  /** Reads on; sets the failure where the connection ends inside the body. */
  private int fill() {
    try {
      int filled = connection.fill();
      if (filled < 0 && !reader.endOfConnection()) {
        failure = new BrokenBodyException("the connection ended inside the response");
      }
      return filled;
    } catch (IOException e) {
      failure = e;
      return -1;
    }
  }

  /** Returns what can be read without the network; stays there until it is read. */
  private @Nullable Content atHand() {
    if (failure != null) return HeapContent.failed(failure);
    if (lastRead) return HeapContent.end();
    if (next == null) {
      try {
        next = reader.readContent();
      } catch (BrokenBodyException e) {
        failure = e;
        return HeapContent.failed(e);
      }
    }
    return next;
  }

  @Override
  public void demand(Runnable ready) {
    boolean now;
    boolean yield;
    synchronized (connection.lock()) {
      if (demanded != null) throw new IllegalStateException("a demand is pending");
      yield = turn >= TURN_BYTES;
      turn = 0;
      now = !yield && (failure != null || lastRead || atHand() != null);
      if (!now && !yield) {
        demanded = ready;
        connection.watch();
      }
    }
    if (yield) {
      connection.execute(ready);
    } else if (now) {
      ready.run();
    }
  }

  /** Takes the pending demand, to be called back. With the lock held. */
  @Nullable Runnable takeDemand() {
    Runnable ready = demanded;
    demanded = null;
    return ready;
  }

  @Override
  public void abort(Throwable reason) {
    synchronized (connection.lock()) {
      if (lastRead) return;
    }
    transfer.abort(reason);
    fail(reason);
  }

  /**
   * Lets no further read succeed. With the lock held, before the connection is closed: the end of a
   * connection that was closed here must not pass for the end of a body.
   */
  void closing(Throwable reason) {
    if (!lastRead && failure == null) failure = reason;
  }

  /** Ends it with a failure, unless its last content was read. */
  void fail(Throwable reason) {
    Runnable ready;
    Content unread;
    synchronized (connection.lock()) {
      if (lastRead) return;
      if (failure == null) failure = reason;
      unread = next;
      next = null;
      ready = takeDemand();
    }
    if (unread != null) unread.release();
    if (ready != null) ready.run();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable HeaderList trailers() {
    synchronized (connection.lock()) {
      HeaderList taken = trailers;
      return taken == null ? null : taken.copy();
    }
  }
}
