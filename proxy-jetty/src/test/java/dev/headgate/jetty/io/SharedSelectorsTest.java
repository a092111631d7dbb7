package dev.headgate.jetty.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;

class SharedSelectorsTest {
  /** Has some connections, and fails then, as one does that is closed meanwhile. */
  private static final class Failing extends ServerSocketChannel {
    private final Queue<SocketChannel> waiting = new ArrayDeque<>();

    Failing(SocketChannel only) {
      super(SelectorProvider.provider());
      waiting.add(only);
    }

    @Override
    public SocketChannel accept() throws IOException {
      SocketChannel next = waiting.poll();
      if (next == null) throw new ClosedChannelException();
      return next;
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) {
      return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
      return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return Set.of();
    }

    @Override
    public ServerSocket socket() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
      return InetSocketAddress.createUnresolved("none", 0);
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
  }

  /** It is served already, perhaps by another selector, and perhaps for long. */
  @Test
  void failureToAcceptTheNextConnectionLeavesTheLastOneAlone() throws Exception {
    QueuedThreadPool threads = new QueuedThreadPool(8);
    ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler();
    SharedSelectors selectors = new SharedSelectors(threads, scheduler, 1, 0);
    threads.start();
    scheduler.start();
    selectors.start();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        SocketChannel accepted = server.accept();
        CountDownLatch opened = new CountDownLatch(1);
        Failing failing = new Failing(accepted);
        selectors.accept(
            failing,
            endPoint ->
                new AbstractConnection(endPoint, threads) {
                  @Override
                  public void onOpen() {
                    super.onOpen();
                    opened.countDown();
                  }

                  @Override
                  public void onFillable() {}
                });
        assertNull(selectors.doAccept(failing));
        assertTrue(opened.await(30, TimeUnit.SECONDS));
        assertTrue(accepted.isOpen());
        assertEquals(1, accepted.write(ByteBuffer.wrap(new byte[] {'x'})));
        assertEquals(1, client.read(ByteBuffer.allocate(9)));
      }
    } finally {
      selectors.stop();
      scheduler.stop();
      threads.stop();
    }
  }
}
