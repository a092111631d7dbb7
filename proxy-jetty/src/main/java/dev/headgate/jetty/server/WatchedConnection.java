package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.jetty.http1.MessageWriter;
import dev.headgate.jetty.io.Expiry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection of HTTP/1 as far as its socket and its deadline go: watches for the
 * client's end, also while nobody reads.
 *
 * <p>Interest in reading is registered all the time but while the buffer is full, or a body flows:
 * a readable event either answers a demand, or is read ahead into the connection's one buffer,
 * whose end-of-stream tells that the client went away. A client that closes behind more unread
 * bytes than the buffer holds (256 KiB at most) is seen when those are read, or by a timeout.
 */
abstract class WatchedConnection extends AbstractConnection.NonBlocking
    implements ServedConnection {
  /** How long a body may stand still before the client is watched again. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** Takes back the interest in reading. */
  private static final class HandedOver extends EofException {
    private static final long serialVersionUID = 1L;
  }

  final Object lock = new Object();
  final JettyListener listener;
  final ClientInfo client;
  final RequestReader reader;
  private final MessageWriter writer;

  // Guarded by lock.
  boolean armed;
  boolean readable;
  boolean eof;

  volatile long expires = Expiry.NEVER;

  WatchedConnection(EndPoint endPoint, JettyListener listener, ClientInfo client) {
    super(endPoint, listener.executor());
    this.listener = listener;
    this.client = client;
    this.reader = new RequestReader(listener.pool(), listener.options());
    this.writer = new MessageWriter(endPoint, listener.pool());
  }

  /** Returns where a client is. */
  static InetSocketAddress address(EndPoint endPoint) {
    return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
        ? address
        : InetSocketAddress.createUnresolved("unknown", 0);
  }

  /** Whether it has ended, or is another protocol's. With the lock held. */
  abstract boolean isClosed();

  /** It has ended. */
  abstract void lost(Throwable cause);

  final Object lock() {
    return lock;
  }

  final JettyListener listener() {
    return listener;
  }

  final ClientInfo client() {
    return client;
  }

  final MessageWriter writer() {
    return writer;
  }

  final void execute(Runnable task) {
    getExecutor().execute(task);
  }

  /** Reads what the network has. With the lock held. */
  final int fill() {
    return fill(false);
  }

  final int fill(boolean wide) {
    if (eof) return -1;
    int filled;
    try {
      filled = reader.fill(getEndPoint(), wide);
    } catch (IOException e) {
      filled = -1; // for a client, a reset and an end are the same
    }
    if (filled < 0) eof = true;
    return filled;
  }

  /** Waits for the next readable event, unless that is so already. With the lock held. */
  final void watch() {
    if (armed || eof || isClosed()) return;
    if (!reader.hasRoom()) return;
    armed = true;
    fillInterested();
    if (!getEndPoint().isOpen()) execute(() -> lost(new EofException("closed")));
  }

  /**
   * A piece of the body was read: most likely the next one is wanted at once, and an event for it
   * would only be in the way. With the lock held.
   */
  final void watchSoon() {
    if (!armed && expires == Expiry.NEVER) expireIn(STILL_NANOS);
  }

  final void expireIn(long nanos) {
    expires = Expiry.in(nanos);
    listener.timeouts().schedule(this);
  }

  @Override
  public final long getExpireNanoTime() {
    return expires;
  }

  /** Takes back the interest in reading, if it is not about to be told. With the lock held. */
  final void watchNoMore() {
    if (armed && getEndPoint() instanceof AbstractEndPoint watched) {
      armed = !watched.getFillInterest().onFail(new HandedOver());
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    if (cause instanceof HandedOver) return;
    getEndPoint().close();
    lost(cause);
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    lost(cause == null ? new EofException("closed") : cause);
  }
}
