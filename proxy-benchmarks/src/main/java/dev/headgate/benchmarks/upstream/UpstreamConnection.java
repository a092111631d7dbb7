package dev.headgate.benchmarks.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client's connection: one request after the other. */
final class UpstreamConnection {
  /** What a connection wants next. */
  enum Next {
    MORE,
    EVENTS,
    HELD,
    GONE
  }

  private static final int EVENT_BYTES = 50;
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String HELD = HEAD + "Content-Length: 3\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

  // One thread serves all connections, and a connection that waits holds no buffer.
  private static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(256 << 10);

  private final SocketChannel channel;
  private final StringBuilder head = new StringBuilder();
  private long bodyLeft;
  private boolean chunkedBody;
  private long heldSince;

  UpstreamConnection(SocketChannel channel) {
    this.channel = channel;
  }

  Next read() throws IOException {
    BUFFER.clear();
    int count = channel.read(BUFFER);
    if (count < 0) return Next.GONE;
    BUFFER.flip();
    if (bodyLeft > 0 || chunkedBody) return body();
    head.append(StandardCharsets.ISO_8859_1.decode(BUFFER));
    int end = head.indexOf("\r\n\r\n");
    return end < 0 ? Next.MORE : request(end + 4);
  }

  private Next request(int end) throws IOException {
    String text = head.substring(0, end).toLowerCase(Locale.ROOT);
    String rest = head.substring(end);
    head.setLength(0);
    if (text.contains("/stream/events ")) {
      write(CHUNKED);
      return Next.EVENTS;
    }
    if (text.contains("/stream/idle ")) {
      write(CHUNKED);
      event(0);
      return Next.MORE;
    }
    if (text.contains("/stream/held ")) {
      write(HELD);
      heldSince = System.nanoTime();
      return Next.HELD;
    }
    bodyLeft = length(text);
    chunkedBody = text.contains("\r\ntransfer-encoding: chunked\r\n");
    if (bodyLeft > 0 || chunkedBody) {
      BUFFER.clear();
      BUFFER.put(rest.getBytes(StandardCharsets.ISO_8859_1)).flip();
      return body();
    }
    write(OK);
    return Next.MORE;
  }

  /** Counts a body down; of a chunked one only the end matters, which no body here contains. */
  private Next body() throws IOException {
    if (chunkedBody) {
      int left = BUFFER.remaining();
      chunkedBody = left < 5 || BUFFER.getInt(left - 4) != 0x0d0a0d0a;
    } else {
      bodyLeft -= BUFFER.remaining();
    }
    if (!chunkedBody && bodyLeft <= 0) write(OK);
    return Next.MORE;
  }

  private static long length(String head) {
    String name = "\r\ncontent-length:";
    int at = head.indexOf(name);
    if (at < 0) return 0;
    return Long.parseLong(head.substring(at + name.length(), head.indexOf('\r', at + 2)).strip());
  }

  /** Sends an event of 50 bytes that says when it was sent. */
  void event(long nanos) throws IOException {
    String event = String.format(Locale.ROOT, "data: %020d %21s\n\n", nanos, "");
    write(Integer.toHexString(EVENT_BYTES) + "\r\n" + event + "\r\n");
  }

  /** Sends the body of a held answer whose head is old enough. */
  boolean release(long before) throws IOException {
    if (heldSince - before > 0) return false;
    write("ok\n");
    return true;
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    channel.write(bytes);
    if (bytes.hasRemaining()) throw new IOException("the client does not read");
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
