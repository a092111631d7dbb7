package dev.headgate.jetty.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * An end point that tells a reset from an end. Jetty's own takes both for an end, so that a
 * response that ends with its connection would look complete after a reset (RFC 9112 section 8).
 * Has no idle timeout: connections have deadlines of their own.
 */
final class StrictEndPoint extends SocketChannelEndPoint {
  StrictEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
    setIdleTimeout(0);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    if (isInputShutdown()) return -1;
    int position = BufferUtil.flipToFill(buffer);
    try {
      int filled = getChannel().read(buffer);
      if (filled < 0) shutdownInput();
      return filled;
    } finally {
      BufferUtil.flipToFlush(buffer, position);
    }
  }
}
