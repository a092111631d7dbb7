package dev.headgate.benchmarks.guard;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One end of a connection, blocking. Its threads are not the engine's, so nothing of it counts. */
final class Wire implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  static Wire to(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads up to and with a text; returns false if the other side closes before. */
  boolean readThrough(String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    int matched = 0;
    while (matched < wanted.length) {
      int read = in.read();
      if (read < 0) return false;
      matched = read == wanted[matched] ? matched + 1 : read == wanted[0] ? 1 : 0;
    }
    return true;
  }

  void await(String text) throws IOException {
    if (!readThrough(text)) throw new EOFException("closed before " + text.strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
