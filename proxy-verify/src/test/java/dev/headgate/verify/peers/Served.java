package dev.headgate.verify.peers;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * One request as the upstream received it, and the means to answer it, step by step. For one thread
 * at a time.
 */
final class Served {
  private final Socket socket;
  private final Wire in;
  private final OutputStream out;
  private final String method;
  private final String target;
  private final Map<String, String> fields;
  private final InputStream body;
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean open = true;

  private Served(Socket socket, Wire in, String requestLine, Map<String, String> fields)
      throws IOException {
    String[] words = requestLine.split(" ", -1);
    if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
      throw new IOException("not a request line: " + requestLine);
    }
    this.socket = socket;
    this.in = in;
    this.out = socket.getOutputStream();
    this.method = words[0];
    this.target = words[1];
    this.fields = fields;
    this.body = bodyOf(in, fields);
  }

  /** Reads the next request of a connection; null if it was closed between requests. */
  static Served read(Socket socket, Wire in) throws IOException {
    String requestLine = in.line();
    if (requestLine == null) return null;
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = in.line(); !"".equals(line); line = in.line()) {
      if (line == null) throw new EOFException("in the head of " + requestLine);
      String[] field = line.split(": ?", 2);
      fields.merge(field[0], field[1], (first, next) -> first + ", " + next);
    }
    return new Served(socket, in, requestLine, fields);
  }

  private static InputStream bodyOf(Wire in, Map<String, String> fields) throws IOException {
    String coding = fields.get("Transfer-Encoding");
    String length = fields.get("Content-Length");
    if (coding == null) return in.sized(length == null ? 0 : Long.parseLong(length));
    if (length != null)
      throw new IOException("Content-Length and Transfer-Encoding in one request");
    if (!coding.equals("chunked")) throw new IOException("unknown transfer coding " + coding);
    return in.chunked();
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  /** Returns a field, several lines of it joined by commas; null if it is missing. */
  String field(String name) {
    return fields.get(name);
  }

  /** Returns the request's body, read from the connection as it is read here. */
  InputStream body() {
    return body;
  }

  String text() throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Tells whether bytes have come that were not read yet. */
  boolean hasMore() throws IOException {
    return in.available() > 0;
  }

  /** Sends bytes as they are. */
  Served raw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends a text as it is. */
  Served raw(String text) throws IOException {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a head. */
  Served head(int status, String... lines) throws IOException {
    String rest = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return raw("HTTP/1.1 " + status + " Scripted\r\n" + rest + "\r\n");
  }

  /** Begins an event stream. */
  Served events() throws IOException {
    return head(
        200,
        "Content-Type: text/event-stream",
        "Cache-Control: no-cache",
        "Transfer-Encoding: chunked");
  }

  /** Sends a chunk of a body in chunks. */
  Served chunk(String text) throws IOException {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
  }

  /** Ends a body in chunks. */
  Served lastChunk() throws IOException {
    return raw("0\r\n\r\n");
  }

  /** Answers in one piece. */
  Served answer(int status, String type, String text, String... lines) throws IOException {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    String rest = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
    return raw(
        "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(status, type, length, rest, text));
  }

  /** Answers 200 with a text. */
  Served answer(String text) throws IOException {
    return answer(200, "text/plain", text);
  }

  /** Waits until the other side has closed the connection, in either way. */
  void awaitClose() throws IOException {
    try {
      int b = in.read();
      if (b >= 0) throw new IOException("more bytes came in place of the close, the first " + b);
    } catch (SocketException reset) {
      // Closed with a reset: fine.
    }
    open = false;
  }

  /** Closes the connection, whatever is missing of the answer. */
  void close() throws IOException {
    open = false;
    socket.close();
  }

  /** Says that the answer is complete; the connection goes on with its next request. */
  void finish() {
    finished.countDown();
  }

  void awaitFinish() throws InterruptedException {
    finished.await();
  }

  boolean isOpen() {
    return open;
  }

  @Override
  public String toString() {
    return method + " " + target + " " + List.copyOf(fields.keySet());
  }
}
