package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
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
import org.junit.jupiter.api.Test;

/**
 * A receiver that stops reading stalls the sender on the other side of the proxy. What may be under
 * way then is {@link #BOUND}: four socket buffers of the kernel, which doubles what it is asked for
 * and rounds up, and what the proxy holds itself, one buffer of up to 64 KiB that was read and one
 * that is read ahead.
 */
class BackpressureTest extends WireTest {
  private static final int SOCKET_BUFFER = 16 * 1024;
  private static final int PROXY = 2 * 64 * 1024;
  private static final int BOUND = 4 * 4 * SOCKET_BUFFER + PROXY;
  private static final long WHOLE = 32L << 20;

  /** No progress for so long is a stall; a sender that is not stalled goes on within far less. */
  private static final int STALL_MILLIS = 500;

  @Override
  int socketBufferBytes() {
    return SOCKET_BUFFER;
  }

  @Test
  void clientThatStopsReadingStallsTheUpstream() throws IOException {
    try (ServerSocketChannel server = listen()) {
      Proxy proxy = proxy(b -> b.route("/big", "http://127.0.0.1:" + port(server)));
      try (SocketChannel client = connect(proxy.port())) {
        client.write(ascii(get("/big")));
        try (SocketChannel upstream = server.accept()) {
          upstream.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
          upstream.read(ByteBuffer.allocate(4096));
          upstream.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + WHOLE + "\r\n\r\n"));
          assertStallsAndGoesOn(upstream, client);
        }
      }
    }
  }

  @Test
  void upstreamThatStopsReadingStallsTheClient() throws IOException {
    try (ServerSocketChannel server = listen()) {
      Proxy proxy = proxy(b -> b.route("/big", "http://127.0.0.1:" + port(server)));
      try (SocketChannel client = connect(proxy.port())) {
        client.write(
            ascii("PUT /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + WHOLE + "\r\n\r\n"));
        try (SocketChannel upstream = server.accept()) {
          assertStallsAndGoesOn(client, upstream);
        }
      }
    }
  }

  /** Sends until the sender stalls, then lets the receiver take everything. */
  private static void assertStallsAndGoesOn(SocketChannel sender, SocketChannel receiver)
      throws IOException {
    long sent = sendUntilStalled(sender, 0);
    assertTrue(sent <= BOUND, "under way: " + sent + " bytes, bound " + BOUND);
    // The head comes first, then all of the body.
    ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    receiver.configureBlocking(true);
    long received = 0;
    boolean headDone = false;
    StringBuilder head = new StringBuilder();
    sender.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      receiver.configureBlocking(false);
      receiver.register(selector, SelectionKey.OP_READ);
      sender.register(selector, SelectionKey.OP_WRITE);
      while (received < WHOLE) {
        assertTrue(selector.select(Wire.CEILING_MILLIS) > 0, "stalled at " + received);
        selector.selectedKeys().clear();
        if (sent < WHOLE) {
          sent += Math.max(0, sender.write(piece(WHOLE - sent)));
        } else {
          sender.keyFor(selector).interestOps(0);
        }
        int read = receiver.read(in.clear());
        if (read < 0) break;
        in.flip();
        if (!headDone) {
          head.append(StandardCharsets.ISO_8859_1.decode(in.duplicate()));
          int end = head.indexOf("\r\n\r\n");
          if (end < 0) continue;
          headDone = true;
          received += head.length() - end - 4;
        } else {
          received += read;
        }
      }
    }
    assertEquals(WHOLE, received);
  }

  private static long sendUntilStalled(SocketChannel sender, long before) throws IOException {
    long sent = before;
    sender.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      sender.register(selector, SelectionKey.OP_WRITE);
      while (sent < WHOLE && selector.select(STALL_MILLIS) > 0) {
        selector.selectedKeys().clear();
        sent += sender.write(piece(WHOLE - sent));
      }
    }
    return sent;
  }

  private static ByteBuffer piece(long most) {
    return ByteBuffer.allocate((int) Math.min(16 * 1024, most));
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static SocketChannel connect(int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return channel;
  }

  private static ServerSocketChannel listen() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return server;
  }

  private static int port(ServerSocketChannel server) {
    return server.socket().getLocalPort();
  }
}
