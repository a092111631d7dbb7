package dev.headgate.benchmarks.guard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An upstream of one connection. */
final class Origin implements AutoCloseable {
  /** What it does on its connection. */
  @FunctionalInterface
  interface Script {
    void run(Wire client) throws IOException;
  }

  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "origin"));

  Origin() throws IOException {}

  String uri() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  Future<?> serve(Script script) {
    return thread.submit(
        () -> {
          try (Wire client = new Wire(server.accept())) {
            script.run(client);
          }
          return null;
        });
  }

  static void await(Future<?> served) throws InterruptedException {
    try {
      served.get();
    } catch (ExecutionException e) {
      throw new AssertionError("the origin failed", e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    thread.shutdownNow();
    server.close();
  }
}
