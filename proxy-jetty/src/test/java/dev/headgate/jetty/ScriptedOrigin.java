package dev.headgate.jetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin on a real socket, whose connections the test takes and speaks on by itself, step by
 * step.
 */
final class ScriptedOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final List<Wire> wires = new CopyOnWriteArrayList<>();

  /** What a connection of {@link #serve} does. */
  interface Script {
    void run(Wire wire) throws Exception;
  }

  ScriptedOrigin() {
    this(-1);
  }

  /**
   * Makes an origin whose connections have a receive buffer of a size, so that little fits into the
   * kernel.
   */
  ScriptedOrigin(int receiveBufferBytes) {
    try {
      server = new ServerSocket();
      if (receiveBufferBytes > 0) server.setReceiveBufferSize(receiveBufferBytes);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
      server.setSoTimeout(Wire.CEILING_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String uri() {
    return "http://127.0.0.1:" + port();
  }

  /** Waits for the next connection. */
  Wire accept() {
    try {
      Wire wire = new Wire(server.accept());
      wires.add(wire);
      return wire;
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no connection came", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves each further connection on a thread of its own. */
  void serve(Script script) {
    Thread acceptor =
        new Thread(
            () -> {
              while (true) {
                Socket socket;
                try {
                  server.setSoTimeout(0);
                  socket = server.accept();
                } catch (IOException e) {
                  return;
                }
                Wire wire = new Wire(socket);
                wires.add(wire);
                Thread thread = new Thread(() -> run(script, wire), "origin");
                thread.setDaemon(true);
                thread.start();
              }
            },
            "origin-acceptor");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private void run(Script script, Wire wire) {
    try {
      script.run(wire);
    } catch (Exception e) {
      // The proxy went away, or the test is over.
    } finally {
      wire.close();
      wires.remove(wire);
    }
  }

  /** How many connections are open. */
  int open() {
    return wires.size();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    wires.forEach(Wire::close);
  }
}
