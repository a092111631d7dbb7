package dev.headgate.jetty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A listening socket whose queue is full: connecting to it takes for ever. */
final class FullBacklog implements AutoCloseable {
  private final ServerSocket server;
  private final List<SocketChannel> fillers = new ArrayList<>();

  FullBacklog() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    while (connects()) {
      if (fillers.size() > 100) throw new IOException("the queue never gets full");
    }
  }

  private boolean connects() throws IOException {
    SocketChannel channel = SocketChannel.open();
    fillers.add(channel);
    channel.configureBlocking(false);
    channel.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(300) > 0;
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : fillers) channel.close();
    server.close();
  }
}
