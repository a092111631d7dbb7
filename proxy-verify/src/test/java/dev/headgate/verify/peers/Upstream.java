package dev.headgate.verify.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server on plain sockets, directed by a test: each request goes to the script, or, while there
 * is none, to the thread that calls {@link #take()}.
 */
final class Upstream implements AutoCloseable {
  /** Answers a request, on the thread of its connection. */
  interface Script {
    void serve(Served request) throws Exception;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Served> handed = new LinkedBlockingQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile Script script = this::handOver;
  private volatile boolean closed;

  Upstream() throws IOException {
    server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** From now on requests are answered so, each connection on a thread of its own. */
  void script(Script next) {
    script = next;
  }

  /** Waits for a request; the caller answers it and says {@link Served#finish()}. */
  Served take() throws InterruptedException {
    return Waiting.next(handed, "a request at the upstream");
  }

  /** Returns what went wrong on connections, scripts included. */
  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  private void handOver(Served request) throws InterruptedException {
    handed.add(request);
    request.awaitFinish();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        if (!closed) failures.add(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Wire in = new Wire(socket.getInputStream());
      for (Served next = Served.read(socket, in); next != null; next = Served.read(socket, in)) {
        script.serve(next);
        if (!next.isOpen()) return;
        next.body().readAllBytes();
      }
    } catch (Exception | AssertionError e) {
      if (!closed) failures.add(e);
    } finally {
      sockets.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    for (Socket socket : sockets) socket.close();
    threads.shutdownNow();
  }
}
