package dev.headgate.jetty;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a connection, spoken byte by byte: a client of the proxy, or an origin behind it. Each
 * read waits for at most {@link #CEILING_MILLIS}, which is far more than anything should take.
 */
final class Wire implements AutoCloseable {
  static final int CEILING_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** A start line and its fields. */
  record Head(String line, List<String> fields) {
    int status() {
      return Integer.parseInt(line.split(" ", 3)[1]);
    }

    /**
     * Returns the values of a field, in any case, joined with {@code |}; null when there is none.
     */
    String get(String name) {
      List<String> values = new ArrayList<>();
      for (String field : fields) {
        int colon = field.indexOf(':');
        if (field.substring(0, colon).equalsIgnoreCase(name)) {
          values.add(field.substring(colon + 1).trim());
        }
      }
      return values.isEmpty() ? null : String.join("|", values);
    }
  }

  Wire(Socket socket) {
    try {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(CEILING_MILLIS);
      this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Wire connect(int port) {
    return connect(port, -1);
  }

  /** Connects with a receive buffer of a size, so that little fits into the kernel. */
  static Wire connect(int port, int receiveBufferBytes) {
    try {
      Socket socket = new Socket();
      if (receiveBufferBytes > 0) socket.setReceiveBufferSize(receiveBufferBytes);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CEILING_MILLIS);
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Socket socket() {
    return socket;
  }

  Wire send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Wire sendChunk(String text) {
    return send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  Head readHead() {
    String line = readLine();
    List<String> fields = new ArrayList<>();
    for (String field = readLine(); !field.isEmpty(); field = readLine()) fields.add(field);
    return new Head(line, fields);
  }

  /** Reads a line that ends with CR LF. */
  String readLine() {
    try {
      StringBuilder line = new StringBuilder();
      while (true) {
        int b = in.read();
        if (b < 0) throw new EOFException("the connection ended after '" + line + "'");
        if (b == '\r') {
          if (in.read() != '\n') throw new IOException("a bare CR");
          return line.toString();
        }
        line.append((char) b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(int bytes) {
    try {
      byte[] read = in.readNBytes(bytes);
      if (read.length < bytes) {
        throw new EOFException("the connection ended after " + read.length + " of " + bytes);
      }
      return new String(read, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads and drops so many bytes. */
  void skip(int bytes) {
    try {
      in.skipNBytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one chunk; the empty string is the last one, whose trailers are left. */
  String readChunk() {
    int size = Integer.parseInt(readLine(), 16);
    if (size == 0) return "";
    String data = read(size);
    if (!readLine().isEmpty()) throw new IllegalStateException("a chunk is longer than it says");
    return data;
  }

  /** Reads a chunked body to its end, and returns it with its trailer lines. */
  String readChunks() {
    StringBuilder body = new StringBuilder();
    for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) body.append(chunk);
    for (String trailer = readLine(); !trailer.isEmpty(); trailer = readLine()) {
      body.append("\n").append(trailer);
    }
    return body.toString();
  }

  /** Reads a body by its head. */
  String readBody(Head head) {
    if (head.get("Transfer-Encoding") != null) return readChunks();
    String length = head.get("Content-Length");
    return length == null ? readAll() : read(Integer.parseInt(length));
  }

  /** Reads to the end. */
  String readAll() {
    try {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads at most so much, and returns how many bytes; −1 at the end. */
  int readSome(byte[] into) throws IOException {
    return in.read(into);
  }

  /**
   * Waits until the peer has closed or reset the connection; drops what comes before. Returns
   * milliseconds.
   */
  long awaitEnd() {
    long start = System.nanoTime();
    byte[] dropped = new byte[8192];
    try {
      while (in.read(dropped) >= 0) {
        // drop
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (IOException e) {
      // Reset: an end, too.
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** Whether the peer ended the connection with a reset. */
  boolean endsWithReset() {
    try {
      in.readAllBytes();
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Wire halfClose() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
