package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.spi.EngineOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two thousand tunnels at a time, on a few threads; then their clients vanish. */
class ManyTunnelsTest extends WireTest {
  private static final int TUNNELS = 2_000;
  private static final int PIECE = 1_000;

  private final TunnelPlugin plugin = new TunnelPlugin();

  @Override
  EngineOptions options() {
    return new EngineOptions(
        engineName(), 16, 8 << 20, 2 * TUNNELS, Duration.ofSeconds(30), 32 * 1024);
  }

  /** Sends back what comes, for all connections on one thread. */
  private static final class Echo implements AutoCloseable {
    private final Selector selector;
    private final ServerSocketChannel server;
    private final AtomicInteger open = new AtomicInteger();

    Echo() throws IOException {
      selector = Selector.open();
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), TUNNELS);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      new Thread(this::run, "echo").start();
    }

    int port() throws IOException {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    private void run() {
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      try {
        while (selector.isOpen()) {
          selector.select(key -> serve(key, buffer));
        }
      } catch (IOException | RuntimeException e) {
        // closed
      }
    }

    private void serve(SelectionKey key, ByteBuffer buffer) {
      try {
        if (key.isAcceptable()) {
          SocketChannel channel = server.accept();
          if (channel == null) return;
          channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_READ);
          open.incrementAndGet();
          return;
        }
        SocketChannel channel = (SocketChannel) key.channel();
        if (channel.read(buffer.clear()) < 0) throw new IOException("ended");
        buffer.flip();
        while (buffer.hasRemaining()) channel.write(buffer);
      } catch (IOException e) {
        key.cancel();
        open.decrementAndGet();
        try {
          key.channel().close();
        } catch (IOException ignored) {
          // closed
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (SelectionKey key : selector.keys()) key.channel().close();
      selector.close();
    }
  }

  @Test
  @Timeout(300) // on a busy machine each step of so many takes its time
  void twoThousandTunnelsNeedFewThreadsAndNoBuffers() throws Exception {
    Echo echo = opened(new Echo());
    Proxy proxy =
        opened(
            Proxy.builder()
                .engine(engine)
                .plugin(plugin)
                .grace(Duration.ofMillis(100))
                .timeouts(Timeouts.builder().connect(Duration.ofMinutes(1)).build())
                .forward(
                    ForwardOptions.builder()
                        .addresses(AddressPolicy.builder().allow("127.0.0.1").build())
                        .connectPorts(echo.port())
                        .build())
                .start());
    byte[] ask =
        ("CONNECT 127.0.0.1:" + echo.port() + " HTTP/1.1\r\nHost: x\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    List<SocketChannel> clients = new ArrayList<>();
    for (int i = 0; i < TUNNELS; i++) {
      SocketChannel client =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
      clients.add(client);
      client.write(ByteBuffer.wrap(ask));
    }
    for (SocketChannel client : clients) {
      assertEquals("HTTP/1.1 200 OK\r\n\r\n", read(client, 19));
    }
    assertEquals(TUNNELS, proxy.inFlight());
    String piece = "x".repeat(PIECE);
    for (int round = 0; round < 3; round++) {
      for (SocketChannel client : clients) {
        client.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.US_ASCII)));
      }
      for (SocketChannel client : clients) assertEquals(piece, read(client, PIECE));
    }
    int threads = Threads.named(engineName()).size();
    assertTrue(threads < TUNNELS / 20, () -> "threads: " + Threads.named(engineName()));
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!buffers.getLeaks().isEmpty() && System.nanoTime() < deadline) Thread.onSpinWait();
    assertEquals(0, buffers.getLeaks().size(), "buffers that idle tunnels hold");
    // Half of them vanish without a word, the others say goodbye.
    for (int i = 0; i < TUNNELS; i++) {
      if (i % 2 == 0) clients.get(i).setOption(StandardSocketOptions.SO_LINGER, 0);
      clients.get(i).close();
    }
    for (int i = 0; i < TUNNELS; i++) assertEquals(3 * PIECE, plugin.awaitEnd().in());
    long closed = System.nanoTime() + 10_000_000_000L;
    while (echo.open.get() > 0 && System.nanoTime() < closed) Thread.onSpinWait();
    assertEquals(0, echo.open.get(), "connections to the origin");
  }

  private static String read(SocketChannel client, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (client.read(buffer) < 0) throw new IOException("ended");
    }
    return new String(buffer.array(), StandardCharsets.US_ASCII);
  }
}
