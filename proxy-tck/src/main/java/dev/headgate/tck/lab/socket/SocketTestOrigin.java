package dev.headgate.tck.lab.socket;

import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.OriginRequest;
import dev.headgate.tck.lab.Scripts;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TunnelEnd;
import dev.headgate.tck.lab.Waits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An upstream that listens on a socket, with a thread for each connection. */
final class SocketTestOrigin implements TestOrigin, AutoCloseable {
  private final String name;
  private final Scripts scripts;
  private final EventLog log;
  private final ServerSocketChannel server;
  private final String authority;
  private final LinkedBlockingQueue<OriginRequest> waiting = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<TunnelEnd> tunnels = new LinkedBlockingQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Connection> connections = new ArrayList<>();
  private volatile @Nullable Consumer<? super OriginRequest> script;
  private volatile boolean tunnelled;
  private boolean closed;

  SocketTestOrigin(String name, Scripts scripts, EventLog log) throws IOException {
    this.name = name;
    this.scripts = scripts;
    this.log = log;
    this.server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_RCVBUF, Connection.SOCKET_BUFFER_BYTES);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server.bind(any, 1000);
    this.authority = "127.0.0.1:" + server.socket().getLocalPort();
    start(this::acceptAll, name + "-accept");
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    int number = 0;
    while (true) {
      try {
        SocketChannel channel = server.accept();
        String who = name + "#" + ++number;
        Connection connection = new Connection(channel, who);
        if (!add(connection)) return;
        start(() -> serve(connection), who);
      } catch (IOException closedOrBroken) {
        return;
      }
    }
  }

  private synchronized boolean add(Connection connection) {
    connections.add(connection);
    if (closed) connection.close();
    return !closed;
  }

  private void serve(Connection connection) {
    log.add(connection.who, "accepted");
    if (tunnelled) {
      tunnels.add(new SocketTunnelEnd(connection, log));
      return;
    }
    try {
      while (connection.await(true)) {
        String line = connection.line();
        SocketOriginRequest request =
            new SocketOriginRequest(connection, line, HttpHeads.read(connection), log);
        requests.incrementAndGet();
        log.add(connection.who, "receives " + line);
        Consumer<? super OriginRequest> answer = script;
        if (answer == null) {
          waiting.add(request);
        } else {
          scripts.run(answer, request);
        }
        boolean goesOn = request.awaitOver();
        if (request.switched()) return;
        if (!goesOn) break;
      }
      log.add(connection.who, "ends");
    } catch (IOException e) {
      log.add(connection.who, "breaks: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }

  @Override
  public String url() {
    return "http://" + authority;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public OriginRequest accept() {
    return take(waiting, "a request");
  }

  private <T> T take(LinkedBlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(Waits.ceiling().toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) throw Waits.inVain(name + ": " + what);
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }

  @Override
  public TestOrigin tunnelled() {
    tunnelled = true;
    return this;
  }

  @Override
  public TunnelEnd acceptTunnel() {
    if (!tunnelled) throw new IllegalStateException(name + " speaks HTTP");
    return take(tunnels, "a connection");
  }

  @Override
  public TestOrigin answering(Consumer<? super OriginRequest> answer) {
    script = answer;
    return this;
  }

  @Override
  public int requests() {
    return requests.get();
  }

  void hangUp() {
    List<Connection> all;
    synchronized (this) {
      all = List.copyOf(connections);
    }
    all.forEach(Connection::reset);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(name + " can't be closed", e);
    }
    hangUp();
  }
}
