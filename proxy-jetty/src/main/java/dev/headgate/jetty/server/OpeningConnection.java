package dev.headgate.jetty.server;

import dev.headgate.jetty.io.Expiry;
import java.time.Duration;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection before it serves anything: it has some time to become one that does, and
 * nothing is lost with it.
 */
abstract class OpeningConnection extends AbstractConnection.NonBlocking
    implements ServedConnection {
  private final JettyListener listener;
  private final Duration time;
  private volatile long expires = Expiry.NEVER;

  /**
   * Makes a connection.
   *
   * @param endPoint the client's
   * @param listener whose connection it is
   * @param time how long it may take
   */
  OpeningConnection(EndPoint endPoint, JettyListener listener, Duration time) {
    super(endPoint, listener.executor());
    this.listener = listener;
    this.time = time;
  }

  final JettyListener listener() {
    return listener;
  }

  /** Waits for the next readable event. */
  abstract void watch();

  /** It is about to be another connection's turn. */
  final void opened() {
    expires = Expiry.NEVER;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    if (!listener.opened(this)) {
      breakOff();
      return;
    }
    expires = Expiry.in(time.toNanos());
    listener.timeouts().schedule(this);
    watch();
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    breakOff();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    expires = Expiry.NEVER;
    listener.closed(this);
  }

  @Override
  public final void breakOff() {
    getEndPoint().close();
    listener.closed(this);
  }

  @Override
  public final void retire() {
    breakOff();
  }

  @Override
  public final long getExpireNanoTime() {
    return expires;
  }

  @Override
  public final void expired() {
    if (!Expiry.isOver(expires)) return;
    expires = Expiry.NEVER;
    breakOff();
  }
}
