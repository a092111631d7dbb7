package dev.headgate.jetty.server;

import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.jetty.http1.BrokenBodyException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read from the connection by demand. State is guarded by the connection's
 * lock.
 */
final class RequestBody implements BodySource {
  /** After this many bytes without a pause others on the same thread get their turn. */
  private static final int TURN_BYTES = 256 * 1024;

  private final Http1Connection connection;
  private final Http1Exchange exchange;
  private final RequestReader reader;
  private final long length;
  private @Nullable Content next;
  private @Nullable Runnable demanded;
  private @Nullable Throwable failure;
  private boolean lastRead;
  private boolean abandoned;
  private int turn;

  RequestBody(Http1Connection connection, Http1Exchange exchange, RequestReader reader) {
    this.connection = connection;
    this.exchange = exchange;
    this.reader = reader;
    this.length = reader.length();
  }

  @Override
  public @Nullable Content read() {
    exchange.sendContinue();
    Throwable lost = null;
    Content content;
    synchronized (connection.lock()) {
      content = atHand();
      if (content == null && turn < TURN_BYTES) {
        int filled = connection.fill();
        if (filled < 0) {
          lost = new EofException("the client closed inside its request");
          failure = lost;
        }
        if (filled != 0) content = atHand();
      }
      next = null;
      if (content == null) {
        if (turn < TURN_BYTES) turn = 0;
      } else {
        turn += content.size();
        lastRead |= content.last() && content.failure() == null;
        if (!lastRead) connection.watchSoon();
      }
    }
    if (lost != null) exchange.clientGone(lost);
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
        connection.unusable();
        failure =
            new ProxyErrorException(
                new ClientFault(
                    ErrorCode.BAD_REQUEST,
                    Phase.RECEIVE_REQUEST,
                    "The request's body is malformed.",
                    e));
        return HeapContent.failed(failure);
      }
    }
    return next;
  }

  @Override
  public void demand(Runnable ready) {
    exchange.sendContinue();
    boolean now;
    boolean yield;
    synchronized (connection.lock()) {
      if (demanded != null) throw new IllegalStateException("a demand is pending");
      yield = turn >= TURN_BYTES;
      turn = 0;
      now = yield || atHand() != null;
      if (!now) {
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
    fail(reason);
  }

  /** Ends it with a failure, unless its last content was read. */
  void fail(Throwable reason) {
    Runnable ready;
    Content unread;
    synchronized (connection.lock()) {
      if (lastRead) return;
      if (failure == null) failure = reason;
      abandoned = true;
      unread = next;
      next = null;
      ready = takeDemand();
    }
    if (unread != null) unread.release();
    if (ready != null) ready.run();
  }

  /** Whether what is left of it may be dropped. With the lock held. */
  boolean isAbandoned() {
    return abandoned;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable HeaderList trailers() {
    synchronized (connection.lock()) {
      return lastRead ? reader.trailers() : null;
    }
  }
}
