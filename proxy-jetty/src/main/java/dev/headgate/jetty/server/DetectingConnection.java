package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * A client's connection until its first byte, which tells TLS from plain HTTP on a port that serves
 * both.
 */
final class DetectingConnection extends OpeningConnection implements Connection.UpgradeFrom {
  /** The type of a TLS record of the handshake (RFC 8446 section 5.1); no method begins with it. */
  private static final byte HANDSHAKE = 0x16;

  private static final int BUFFER_BYTES = 4096;

  private ByteBuffer read = BufferUtil.EMPTY_BUFFER;

  DetectingConnection(EndPoint endPoint, JettyListener listener) {
    super(endPoint, listener, listener.options().idleTimeout());
  }

  @Override
  void watch() {
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
        watch();
      } else {
        read = buffer;
        opened();
        endPoint.upgrade(
            buffer.get(buffer.position()) == HANDSHAKE
                ? listener().secured(endPoint)
                : new Http1Connection(
                    endPoint,
                    listener(),
                    new ClientInfo(WatchedConnection.address(endPoint), null)));
      }
    } catch (IOException | RuntimeException e) {
      breakOff();
    }
  }

  @Override
  public ByteBuffer onUpgradeFrom() {
    return read;
  }
}
