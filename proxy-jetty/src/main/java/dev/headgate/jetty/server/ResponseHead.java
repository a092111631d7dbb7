package dev.headgate.jetty.server;

import dev.headgate.core.http.HeaderList;
import dev.headgate.jetty.http1.FieldBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.eclipse.jetty.http.HttpStatus;

/** Renders the head of a response. Stateless but for a cache of status lines. */
final class ResponseHead {
  /** What the connection adds to a head. */
  enum Extra {
    /** {@code Connection: close}. */
    CLOSE("Connection: close"),
    /** {@code Connection: keep-alive}, for HTTP/1.0. */
    KEEP_ALIVE("Connection: keep-alive"),
    /** {@code Transfer-Encoding: chunked}. */
    CHUNKED("Transfer-Encoding: chunked");

    private final String line;

    Extra(String line) {
      this.line = line;
    }

    void put(ByteBuffer out) {
      FieldBytes.putText(out, line);
      FieldBytes.endLine(out);
    }
  }

  private static final int LINE_AND_EXTRAS = 256;
  private static final int CACHED = 600;
  private static final AtomicReferenceArray<byte[]> LINES = new AtomicReferenceArray<>(CACHED);

  private ResponseHead() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns most bytes that a head needs, with whatever the connection adds. */
  static int bound(HeaderList headers) {
    return LINE_AND_EXTRAS + FieldBytes.size(headers);
  }

  static void putStatusLine(ByteBuffer out, int status) {
    byte[] line = status < CACHED ? LINES.get(status) : null;
    if (line == null) {
      String reason = HttpStatus.getCode(status) == null ? "" : HttpStatus.getMessage(status);
      line = ascii("HTTP/1.1 " + status + " " + reason + "\r\n");
      if (status < CACHED) LINES.set(status, line);
    }
    out.put(line);
  }

  static void putLength(ByteBuffer out, long length) {
    out.put(ascii("Content-Length: " + length + "\r\n"));
  }
}
