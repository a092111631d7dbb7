package dev.headgate.jetty.client;

import dev.headgate.jetty.http1.MessageWriter;
import dev.headgate.jetty.io.Expiry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream: waits in its pool or serves a {@link Transfer}. While it waits it
 * is watched, so that one that the upstream closes leaves the pool at once.
 */
final class UpstreamConnection extends AbstractConnection.NonBlocking implements PooledConnection {
  private final Object lock = new Object();
  private final JettyClient client;
  private final ResponseReader reader;
  private final MessageWriter writer;
  private final @Nullable TlsHandshake handshake;
  private final ConnectAttempt attempt;

  /** Computes for milliseconds, so that it keeps off the selectors' threads. */
  private final Callback offSelector =
      Callback.from(
          Invocable.InvocationType.BLOCKING, this::onFillable, this::onFillInterestedFailed);

  // Guarded by lock.
  private @Nullable Transfer transfer;
  private boolean armed;
  private boolean closed;
  private boolean reused;

  /** What ended it, where reading told; its close may be told first, and knows less. */
  private @Nullable IOException failure;

  private volatile long expires = Expiry.NEVER;

  UpstreamConnection(
      EndPoint endPoint,
      JettyClient client,
      ConnectAttempt attempt,
      @Nullable TlsHandshake handshake) {
    super(endPoint, client.executor());
    this.client = client;
    this.attempt = attempt;
    this.handshake = handshake;
    this.reader = new ResponseReader(client.buffers(), client.options().maxResponseHeadBytes());
    this.writer = new MessageWriter(endPoint, client.buffers());
  }

  /** What serves it. */
  ManagedSelector selector() {
    return attempt.selector();
  }

  // --- what its transfer asks

  Object lock() {
    return lock;
  }

  ResponseReader reader() {
    return reader;
  }

  MessageWriter writer() {
    return writer;
  }

  void execute(Runnable task) {
    getExecutor().execute(task);
  }

  /** Whether a request was served here before. With the lock held. */
  boolean isReused() {
    return reused;
  }

  /** Reads what the network has; −1 at the end. With the lock held. */
  int fill() throws IOException {
    return fill(false);
  }

  /** As {@link MessageReader#fill}, with the lock held. */
  int fill(boolean wide) throws IOException {
    if (closed) throw new EOFException("the connection is closed");
    try {
      return reader.fill(getEndPoint(), wide);
    } catch (IOException e) {
      if (failure == null) failure = e;
      throw e;
    }
  }

  /** Waits for the next readable event, unless that is so already. With the lock held. */
  void watch() {
    if (armed || closed) return;
    armed = true;
    if (isSecured()) {
      fillInterested();
    } else {
      fillInterested(offSelector);
    }
    if (!getEndPoint().isOpen()) execute(() -> lost(new EOFException("closed")));
  }

  private boolean isSecured() {
    return handshake == null || handshake.isDone();
  }

  /** Takes bytes that came behind the answer of a proxy. Before it is opened. */
  void preload(ByteBuffer early) {
    reader.prefill(early);
  }

  // --- its life

  @Override
  public void onOpen() {
    super.onOpen();
    client.opened(this);
    TlsHandshake tls = handshake;
    if (tls == null) {
      attempt.opened(this);
      return;
    }
    attempt.secure();
    try {
      getEndPoint().flush(BufferUtil.EMPTY_BUFFER);
    } catch (IOException e) {
      attempt.tlsFailed(e);
      return;
    }
    if (tls.isDone()) {
      secured(tls);
    } else {
      synchronized (lock) {
        watch();
      }
    }
  }

  @Override
  public void onFillable() {
    try {
      serve();
    } catch (RuntimeException | Error e) {
      // Nothing would wake this connection again: whoever waits for it is told.
      getEndPoint().close();
      lost(e);
      throw e;
    }
  }

  private void serve() {
    Transfer current;
    Runnable ready;
    boolean handshaking = false;
    boolean spoiled = false;
    synchronized (lock) {
      armed = false;
      current = transfer;
      ready = current == null ? null : current.takeDemand();
      if (current == null) {
        handshaking = !isSecured();
        if (!handshaking && isQuiet()) {
          watch(); // TLS brought something for itself: a session ticket, mostly
        } else if (!handshaking) {
          spoiled = true;
          closed = true;
        }
      }
    }
    if (ready != null) {
      ready.run();
    } else if (current != null) {
      current.readable();
    } else if (spoiled) {
      discard();
    } else if (handshaking) {
      shakeHands();
    }
  }

  private void shakeHands() {
    TlsHandshake tls = handshake;
    if (tls == null) return;
    try {
      synchronized (lock) {
        int filled = fill();
        if (filled < 0) throw new EOFException("the connection ended inside the TLS handshake");
        if (!tls.isDone()) {
          watch();
          return;
        }
      }
    } catch (IOException e) {
      attempt.tlsFailed(e);
      return;
    }
    secured(tls);
  }

  /** TLS is set up: which version is spoken was chosen in it (RFC 7301). */
  private void secured(TlsHandshake tls) {
    boolean two = "h2".equals(tls.protocol());
    if (!two && attempt.needsHttp2()) {
      attempt.noHttp2();
    } else if (two) {
      becomeHttp2();
    } else {
      attempt.opened(this);
    }
  }

  private void becomeHttp2() {
    Http2UpstreamConnection next = Http2UpstreamConnection.make(getEndPoint(), client, attempt);
    synchronized (lock) {
      if (closed) return;
      closed = true;
      next.onUpgradeTo(reader.take());
    }
    client.closed(this);
    getEndPoint().upgrade(next);
  }

  /**
   * Takes a transfer; false when the connection is of no use any more. It is looked at once more,
   * as the selector may not have come to it yet: a response that nobody has asked for would be
   * taken for the answer to the request that is sent next.
   */
  boolean take(Transfer next) {
    synchronized (lock) {
      if (closed || transfer != null) return false;
      if (!reused || isQuiet()) {
        expires = Expiry.NEVER;
        transfer = next;
        return true;
      }
      closed = true;
    }
    discard();
    return false;
  }

  /** Whether nothing came unasked, and the upstream did not close. With the lock held. */
  private boolean isQuiet() {
    try {
      return fill() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Its transfer is over. */
  void finished(boolean reusable) {
    if (reusable) {
      keep();
      attempt.pool().release(this);
    } else {
      close();
    }
  }

  /** Is ready for the next transfer, and waits for it: from now on the upstream may be closing. */
  private void keep() {
    synchronized (lock) {
      reused = true;
      reader.next();
    }
    putBack();
  }

  /** Waits for the next transfer. */
  void putBack() {
    synchronized (lock) {
      transfer = null;
      expires = Expiry.in(client.options().idleConnectionTimeout().toNanos());
      watch();
    }
    client.timeouts().schedule(this);
  }

  @Override
  public void close() {
    discard();
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** Closes it; a transfer on it fails. */
  @Override
  public void discard() {
    getEndPoint().close();
    lost(new EOFException("closed"));
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    getEndPoint().close();
    lost(cause);
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    lost(cause == null ? new EOFException("closed") : cause);
  }

  private void lost(Throwable told) {
    Transfer current;
    Throwable cause;
    synchronized (lock) {
      cause = failure == null ? told : failure;
      closed = true;
      expires = Expiry.NEVER;
      current = transfer;
      transfer = null;
      reader.release();
    }
    if (client.closed(this)) {
      if (attempt.isOpened()) {
        attempt.pool().closed(this);
      } else {
        attempt.tlsFailed(cause);
      }
    }
    if (current != null) current.connectionLost(cause);
  }

  @Override
  public long getExpireNanoTime() {
    return expires;
  }

  /** It has been unused for too long. */
  @Override
  public void expired() {
    synchronized (lock) {
      if (closed || transfer != null || !Expiry.isOver(expires)) return;
      closed = true;
    }
    discard();
  }
}
