package dev.headgate.jetty.io;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An end point that keeps to the selector's rounds, in which it serves all connections that are
 * ready. Writes wait until the round is over: the frames of many streams that come in one round
 * then go out in few writes. Reads find nothing more after a while, until the next round: a peer
 * that sends without a pause would keep the thread, and so also its own writes, waiting for ever.
 * Elsewhere than on a selector's thread it writes at once. All else is that of the end point behind
 * it.
 */
public final class RoundEndPoint implements EndPoint, EndPoint.Wrapper, Runnable {
  /** After so many bytes without a pause others on the same thread get their turn. */
  private static final int TURN_BYTES = 256 * 1024;

  private final EndPoint endPoint;

  /** How much was read since the last pause. Of the thread that reads. */
  private int turn;

  // Of the write that waits; there is one at a time, and it waits on one thread.
  private @Nullable Callback callback;
  private ByteBuffer @Nullable [] buffers;

  /**
   * Wraps an end point.
   *
   * @param endPoint where to
   */
  public RoundEndPoint(EndPoint endPoint) {
    this.endPoint = endPoint;
  }

  @Override
  public EndPoint unwrap() {
    return endPoint;
  }

  @Override
  public void write(Callback told, ByteBuffer... pieces) {
    callback = told;
    buffers = pieces;
    if (InlineSelector.atEndOfRound(this)) return;
    run();
  }

  /** Writes what waits. */
  @Override
  public void run() {
    Callback told = callback;
    ByteBuffer[] pieces = buffers;
    callback = null;
    buffers = null;
    if (told != null && pieces != null) endPoint.write(told, pieces);
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return endPoint.getLocalSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return endPoint.getRemoteSocketAddress();
  }

  @Override
  public boolean isOpen() {
    return endPoint.isOpen();
  }

  @Override
  public long getCreatedTimeStamp() {
    return endPoint.getCreatedTimeStamp();
  }

  @Override
  public void shutdownOutput() {
    endPoint.shutdownOutput();
  }

  @Override
  public boolean isOutputShutdown() {
    return endPoint.isOutputShutdown();
  }

  @Override
  public boolean isInputShutdown() {
    return endPoint.isInputShutdown();
  }

  @Override
  public void close(@Nullable Throwable cause) {
    endPoint.close(cause);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (turn >= TURN_BYTES) {
      turn = 0;
      return 0;
    }
    int filled = endPoint.fill(buffer);
    turn = filled > 0 ? turn + filled : 0;
    return filled;
  }

  @Override
  public boolean flush(ByteBuffer... pieces) throws IOException {
    return endPoint.flush(pieces);
  }

  @Override
  public Object getTransport() {
    return endPoint.getTransport();
  }

  @Override
  public long getIdleTimeout() {
    return endPoint.getIdleTimeout();
  }

  @Override
  public void setIdleTimeout(long millis) {
    endPoint.setIdleTimeout(millis);
  }

  @Override
  public void fillInterested(Callback interested) {
    endPoint.fillInterested(interested);
  }

  @Override
  public boolean tryFillInterested(Callback interested) {
    return endPoint.tryFillInterested(interested);
  }

  @Override
  public boolean isFillInterested() {
    return endPoint.isFillInterested();
  }

  @Override
  public @Nullable Callback cancelWrite(Throwable cause) {
    return endPoint.cancelWrite(cause);
  }

  @Override
  public Connection getConnection() {
    return endPoint.getConnection();
  }

  @Override
  public void setConnection(Connection connection) {
    endPoint.setConnection(connection);
  }

  @Override
  public void onOpen() {
    endPoint.onOpen();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    endPoint.onClose(cause);
  }

  @Override
  public void upgrade(Connection newConnection) {
    endPoint.upgrade(newConnection);
  }

  @Override
  public EndPoint.@Nullable SslSessionData getSslSessionData() {
    return endPoint.getSslSessionData();
  }

  @Override
  public boolean isSecure() {
    return endPoint.isSecure();
  }
}
