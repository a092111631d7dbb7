package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.jetty.http1.RawTunnel;
import dev.headgate.jetty.io.Expiry;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: reads heads, hands exchanges over one after the other, and closes in a
 * way that lets the last response arrive.
 */
final class Http1Connection extends WatchedConnection implements Connection.UpgradeTo {
  /** How long what is left of a request may take to come after its response is complete. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long a client may take to close after the connection was closed on this side. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private enum State {
    /** Between requests, or inside a head. */
    HEAD,
    /** A head that can't be served is being answered. */
    REJECT,
    /** The core has an exchange. */
    EXCHANGE,
    /** A CONNECT was answered; what comes next is for another connection on the same socket. */
    HANDED_OVER,
    /** The exchange has become a tunnel, which reads by itself. */
    TUNNEL,
    /** The exchange is over; the rest of the request is dropped. */
    DRAIN,
    /** All is sent; waits for the client to close. */
    LINGER,
    CLOSED
  }

  private final Leftover leftover;
  private final AtomicInteger work = new AtomicInteger();

  // Guarded by lock.
  private State state = State.HEAD;
  private boolean inHead;
  private boolean served;
  private @Nullable Http1Exchange exchange;
  private @Nullable SslConnection successor;

  Http1Connection(EndPoint endPoint, JettyListener listener, ClientInfo client) {
    super(endPoint, listener, client);
    this.leftover = new Leftover(reader, listener.options().maxUnreadBodyBytes());
  }

  @Override
  boolean isClosed() {
    return state == State.CLOSED;
  }

  // --- what the exchange and its body ask

  /**
   * The request's framing is broken: no further request can be found behind it. With the lock held.
   */
  void unusable() {
    leftover.unusable();
  }

  /**
   * Whether the rest of a request's body is known to be more than may be dropped. With the lock
   * held.
   */
  boolean cannotDrain() {
    return leftover.isTooLong();
  }

  /** The exchange's response is complete. */
  void responded(boolean keepAlive) {
    synchronized (lock) {
      if (state != State.EXCHANGE) return;
      state = State.DRAIN;
      expires = Expiry.NEVER;
      if (!keepAlive) leftover.unusable();
    }
  }

  /** The exchange was a CONNECT that is looked into: what comes next is TLS. */
  void handOver(SSLEngine engine, InspectedHandler inside) {
    synchronized (lock) {
      if (state != State.EXCHANGE) return;
      state = State.HANDED_OVER;
      expires = Expiry.NEVER;
      exchange = null;
      successor = SecuringConnection.inside(getEndPoint(), listener, engine, inside);
      watchNoMore(); // or a readable event is on its way, and goes on here when it has come
    }
    advance();
  }

  private @Nullable Runnable giveWay() {
    SslConnection next = successor;
    if (armed || next == null) return null;
    state = State.CLOSED;
    ByteBuffer read = reader.take();
    return () -> {
      listener.closed(this);
      try {
        if (read.hasRemaining()) next.onUpgradeTo(read);
        getEndPoint().upgrade(next);
      } catch (RuntimeException e) {
        getEndPoint().close(); // more than a buffer of TLS, before it could begin
      }
    };
  }

  /** The exchange becomes a tunnel, if it is still under way. With the lock held. */
  RawTunnel openTunnel() {
    if (state == State.EXCHANGE) {
      state = State.TUNNEL;
      expires = Expiry.NEVER;
      reader.raw();
    }
    return new ClientTunnel(this, reader);
  }

  /** Ends the connection at once. */
  @Override
  public void breakOff() {
    getEndPoint().close();
    lost(new EofException("broken off"));
  }

  // --- events

  @Override
  public void onOpen() {
    super.onOpen();
    if (!listener.opened(this)) {
      breakOff();
      return;
    }
    boolean begun;
    synchronized (lock) {
      expireIn(listener.options().idleTimeout().toNanos());
      begun = reader.hasUnread();
      if (!begun) watch();
    }
    if (begun) advance();
  }

  /** Takes what was read before it was known that this is HTTP/1. */
  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    synchronized (lock) {
      reader.prefill(buffer);
    }
  }

  @Override
  public void onFillable() {
    synchronized (lock) {
      armed = false;
      readable = true;
    }
    try {
      advance();
    } catch (RuntimeException | Error e) {
      // Nothing would wake this connection again.
      getEndPoint().close();
      lost(e);
      throw e;
    }
  }

  @Override
  void lost(Throwable cause) {
    Http1Exchange current;
    synchronized (lock) {
      if (state == State.CLOSED) return;
      state = State.CLOSED;
      eof = true;
      expires = Expiry.NEVER;
      current = exchange;
      exchange = null;
      reader.release();
    }
    listener.closed(this);
    if (current != null) current.clientGone(cause);
  }

  /** Goes on with whatever is to be done; one thread at a time, and never inside itself. */
  void advance() {
    if (work.getAndIncrement() != 0) return;
    do {
      while (step()) {
        // until there is nothing to do
      }
    } while (work.decrementAndGet() != 0);
  }

  private boolean step() {
    Runnable action;
    synchronized (lock) {
      action =
          switch (state) {
            case HEAD -> readHead();
            case EXCHANGE -> readAhead();
            case DRAIN -> drain();
            case LINGER -> linger();
            case HANDED_OVER -> giveWay();
            case TUNNEL -> takeDemand();
            case REJECT, CLOSED -> null;
          };
    }
    if (action == null) return false;
    action.run();
    return true;
  }

  private static void goOn() {}

  private @Nullable Runnable readHead() {
    try {
      if (reader.readHead()) return begin();
    } catch (Rejection e) {
      // Inside TLS the client says so by ALPN.
      if (!served && client.tls() == null && reader.isHttp2()) return upgrade();
      state = State.REJECT;
      expires = Expiry.NEVER;
      return () -> reject(e);
    }
    if (readable) {
      int filled = fill();
      if (filled > 0) return Http1Connection::goOn;
      readable = false;
      if (filled < 0) return this::breakOff;
    }
    if (reader.inHead() && !inHead) {
      inHead = true;
      expireIn(listener.options().headTimeout().toNanos());
    }
    watch();
    return null;
  }

  /** The client speaks HTTP/2 from its first byte on (RFC 9113 section 3.3). */
  private Runnable upgrade() {
    state = State.CLOSED;
    expires = Expiry.NEVER;
    ByteBuffer read = reader.take();
    return () -> {
      Http2Connection next = Http2Connection.make(getEndPoint(), listener, client);
      next.onUpgradeTo(read);
      listener.closed(this);
      getEndPoint().upgrade(next);
    };
  }

  private Runnable begin() {
    state = State.EXCHANGE;
    served = true;
    leftover.next();
    inHead = false;
    readable = false;
    expires = Expiry.NEVER;
    Http1Exchange begun = new Http1Exchange(this, reader);
    exchange = begun;
    return begun;
  }

  /** Takes what waits for the event that came; nothing while none did. */
  private @Nullable Runnable takeDemand() {
    Http1Exchange current = exchange;
    Runnable ready = readable && current != null ? current.takeDemand() : null;
    if (ready != null) readable = false;
    return ready;
  }

  /** Where nobody waits for the bytes that have come: keeps them, to see the end behind them. */
  private @Nullable Runnable readAhead() {
    Runnable ready = takeDemand();
    if (ready != null) return ready;
    Http1Exchange current = exchange;
    while (readable) {
      // What may not be dropped fills the buffer, and then is waited for no more.
      if (current != null && current.isAbandoned()) leftover.drop();
      if (!reader.hasRoom()) break;
      int filled = fill();
      if (filled <= 0) readable = false;
      if (filled < 0 && current != null) {
        return () -> current.clientGone(new EofException("the client closed"));
      }
    }
    readable = false;
    watch();
    return null;
  }

  private @Nullable Runnable drain() {
    if (!leftover.drop()) return beginLinger();
    if (reader.ended()) {
      exchange = null;
      reader.next();
      state = State.HEAD;
      if (listener.isStopping()) return this::breakOff;
      expireIn(listener.options().idleTimeout().toNanos());
      return Http1Connection::goOn;
    }
    if (expires == Expiry.NEVER) expireIn(DRAIN_NANOS);
    return read();
  }

  /**
   * Half-closes, so that a client that still sends can read the response (RFC 9112 section 9.6).
   */
  private Runnable beginLinger() {
    exchange = null;
    leftover.next();
    state = State.LINGER;
    expireIn(LINGER_NANOS);
    readable = true;
    return () -> getEndPoint().shutdownOutput();
  }

  private @Nullable Runnable linger() {
    if (!leftover.dropAll() || eof) return this::breakOff;
    return read();
  }

  private @Nullable Runnable read() {
    if (readable) {
      int filled = fill();
      if (filled > 0) return Http1Connection::goOn;
      readable = false;
      if (filled < 0) return this::breakOff;
    }
    watch();
    return null;
  }

  // --- refusals

  private void reject(Rejection rejection) {
    DirectResponse response = listener.handler().reject(rejection.code(), rejection.detail());
    RejectedResponse.send(
        getEndPoint(),
        response,
        () -> {
          synchronized (lock) {
            if (state != State.REJECT) return;
            leftover.unusable();
            state = State.DRAIN;
          }
          advance();
        },
        this::breakOff);
  }

  // --- timeouts

  /** Its time is over: in a head the client is told, else the connection is just closed. */
  @Override
  public void expired() {
    boolean slowHead;
    synchronized (lock) {
      if (!Expiry.isOver(expires)) return;
      if (state == State.REJECT || state == State.CLOSED) return;
      expires = Expiry.NEVER;
      if (state == State.EXCHANGE) {
        watch();
        return;
      }
      slowHead = state == State.HEAD && inHead;
      if (slowHead) state = State.REJECT;
    }
    if (slowHead) {
      reject(new Rejection(ErrorCode.REQUEST_TIMEOUT, "The request's head came too slowly."));
    } else {
      breakOff();
    }
  }

  /** Ends it if no exchange is under way; else its response says that it is the last one. */
  @Override
  public void retire() {
    synchronized (lock) {
      if (state != State.HEAD && state != State.LINGER) return;
    }
    breakOff();
  }
}
