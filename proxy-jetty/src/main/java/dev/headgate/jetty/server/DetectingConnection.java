package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection until its first byte, which tells TLS from plain HTTP on a port that serves
 * both.
 */
final class DetectingConnection extends AbstractConnection.NonBlocking
    implements ServedConnection, Connection.UpgradeFrom {
  /** The type of a TLS record of the handshake (RFC 8446 section 5.1); no method begins with it. */
  private static final byte HANDSHAKE = 0x16;

  private static final int BUFFER_BYTES = 4096;

  private final JettyListener listener;
  private volatile long expires = Long.MAX_VALUE;
  private ByteBuffer read = BufferUtil.EMPTY_BUFFER;

  DetectingConnection(EndPoint endPoint, JettyListener listener) {
    super(endPoint, listener.executor());
    this.listener = listener;
  }

  @Override
  public void onOpen() {
    super.onOpen();
    if (!listener.opened(this)) {
      breakOff();
      return;
    }
    long at = NanoTime.now() + listener.options().idleTimeout().toNanos();
    expires = at == Long.MAX_VALUE ? at + 1 : at;
    listener.timeouts().schedule(this);
    fillInterested();
  }

  @Override
  public void onFillable() {
    EndPoint endPoint = getEndPoint();
    ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
    try {
      int filled = endPoint.fill(buffer);
      if (filled < 0) {
        breakOff();
      } else if (filled == 0) {
        fillInterested();
      } else {
        read = buffer;
        expires = Long.MAX_VALUE;
        endPoint.upgrade(
            buffer.get(buffer.position()) == HANDSHAKE
                ? listener.secured(endPoint)
                : new Http1Connection(
                    endPoint, listener, new ClientInfo(Http1Connection.address(endPoint), null)));
      }
    } catch (IOException | RuntimeException e) {
      breakOff();
    }
  }

  @Override
  public ByteBuffer onUpgradeFrom() {
    return read;
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    breakOff();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    expires = Long.MAX_VALUE;
    listener.closed(this);
  }

  @Override
  public void breakOff() {
    getEndPoint().close();
    listener.closed(this);
  }

  @Override
  public void retire() {
    breakOff();
  }

  @Override
  public long getExpireNanoTime() {
    return expires;
  }

  @Override
  public void expired() {
    long at = expires;
    if (at == Long.MAX_VALUE || NanoTime.until(at) > 0) return;
    expires = Long.MAX_VALUE;
    breakOff();
  }
}
