package dev.headgate.benchmarks.upstream;

import dev.headgate.benchmarks.peers.PeerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers {@code /stream/events} with an event each 5 ms, {@code /stream/idle} with one event and
 * then nothing, {@code /stream/held} with a head and, 200 ms later, a body, and everything else,
 * once its body has come, with 200.
 */
public final class StreamUpstream implements Runnable {
  /** How long {@code /stream/held} holds its body back. */
  public static final Duration HELD = Duration.ofMillis(200);

  private static final Duration PACE = Duration.ofMillis(5);
  private static final int BACKLOG = 4096;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final Set<UpstreamConnection> streaming = new LinkedHashSet<>();
  private final Set<UpstreamConnection> holding = new LinkedHashSet<>();
  private long next = System.nanoTime();

  private StreamUpstream(Selector selector, ServerSocketChannel server) {
    this.selector = selector;
    this.server = server;
  }

  /**
   * Runs until the parent is gone.
   *
   * @param args not used
   * @throws IOException if it can't listen
   */
  public static void main(String[] args) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    Selector selector = Selector.open();
    server.register(selector, SelectionKey.OP_ACCEPT);
    Thread thread = new Thread(new StreamUpstream(selector, server), "upstream");
    thread.setDaemon(true);
    thread.start();
    PeerProcess.serve(server.socket().getLocalPort());
  }

  @Override
  public void run() {
    try {
      while (true) {
        select();
        long now = System.nanoTime();
        if (now - next >= 0) {
          tick(now);
          next = now + PACE.toNanos();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the upstream's selector failed", e);
    }
  }

  private void select() throws IOException {
    if (streaming.isEmpty() && holding.isEmpty()) {
      selector.select();
    } else {
      // Rounded up, lest the last millisecond be spent turning round.
      long millis = (next - System.nanoTime() + 999_999) / 1_000_000;
      if (millis > 0) {
        selector.select(millis);
      } else {
        selector.selectNow();
      }
    }
    Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
    while (ready.hasNext()) {
      SelectionKey key = ready.next();
      ready.remove();
      if (key.attachment() instanceof UpstreamConnection connection) {
        read(key, connection);
      } else {
        accept();
      }
    }
  }

  private void accept() throws IOException {
    for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
      client.configureBlocking(false);
      UpstreamConnection connection = new UpstreamConnection(client);
      client.register(selector, SelectionKey.OP_READ, connection);
    }
  }

  private void read(SelectionKey key, UpstreamConnection connection) {
    try {
      switch (connection.read()) {
        case MORE -> {}
        case EVENTS -> streaming.add(connection);
        case HELD -> holding.add(connection);
        case GONE -> drop(connection);
      }
    } catch (IOException e) {
      key.cancel();
      drop(connection);
    }
  }

  private void tick(long now) {
    for (UpstreamConnection connection : List.copyOf(streaming)) {
      try {
        connection.event(System.nanoTime());
      } catch (IOException e) {
        drop(connection);
      }
    }
    for (UpstreamConnection connection : List.copyOf(holding)) {
      try {
        if (connection.release(now - HELD.toNanos())) holding.remove(connection);
      } catch (IOException e) {
        drop(connection);
      }
    }
  }

  private void drop(UpstreamConnection connection) {
    streaming.remove(connection);
    holding.remove(connection);
    connection.close();
  }
}
