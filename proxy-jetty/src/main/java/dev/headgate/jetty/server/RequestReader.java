package dev.headgate.jetty.server;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.jetty.http1.BadHeadException;
import dev.headgate.jetty.http1.Framing;
import dev.headgate.jetty.http1.MessageReader;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;

/** Reads requests, strictly: what two recipients could read in two ways is refused. */
final class RequestReader extends MessageReader {
  private static final int FIELDS_TOO_LARGE = 431;

  private final ListenOptions options;
  private @Nullable RequestLine line;

  // Of the head before, for what both have in common.
  private @Nullable RequestLine last;
  private Framing framing = Framing.NONE;

  RequestReader(ByteBufferPool pool, ListenOptions options) {
    super(
        pool,
        Math.max(BUFFER_BYTES, options.maxRequestLineBytes() + 2),
        Math.max(LARGE_BUFFER_BYTES, options.maxRequestLineBytes() + 2),
        false,
        options.maxHeaderBytes());
    this.options = options;
  }

  /** Whether a head has been begun but not finished. */
  boolean inHead() {
    return !headDone() && (line != null || hasUnread());
  }

  /**
   * Reads on in the head.
   *
   * @return whether it is complete; if not, more bytes are needed
   * @throws Rejection if it isn't a head of HTTP/1, or over a limit
   */
  boolean readHead() throws Rejection {
    ByteBuffer buffer = unread();
    if (buffer == null) return false;
    if (line == null) {
      line = readLine(buffer);
      if (line == null) {
        releaseIfEmpty();
        return false;
      }
      beginFields(options.maxHeaderBytes());
    }
    try {
      if (!parseFields()) return false;
      framing = Framing.of(headers(), framing);
      frame(line, framing);
      return true;
    } catch (BadHeadException e) {
      throw e.code() == FIELDS_TOO_LARGE
          ? fieldsTooLarge()
          : Rejection.malformed("The request's head is malformed.");
    }
  }

  private @Nullable RequestLine readLine(ByteBuffer buffer) throws Rejection {
    // Empty lines before a request are ignored (RFC 9112 section 2.2).
    while (buffer.remaining() >= 2
        && buffer.get(buffer.position()) == '\r'
        && buffer.get(buffer.position() + 1) == '\n') {
      buffer.position(buffer.position() + 2);
    }
    int start = buffer.position();
    int most = options.maxRequestLineBytes() + 2;
    int limit = Math.min(buffer.limit(), start + most);
    for (int i = start; i < limit; i++) {
      if (buffer.get(i) == '\n') {
        RequestLine read = RequestLine.read(buffer, start, i, last);
        last = read;
        buffer.position(i + 1);
        return read;
      }
    }
    if (limit - start == most) throw lineTooLong();
    return null;
  }

  private void frame(RequestLine read, Framing framing) throws Rejection {
    int hosts = count("Host");
    if (hosts > 1 || (hosts == 0 && read.version() == HttpVersion.HTTP_1_1)) {
      throw Rejection.malformed("The request must have one Host.");
    }
    if (framing.coded() && read.version() == HttpVersion.HTTP_1_0) {
      throw Rejection.malformed("HTTP/1.0 has no transfer codings.");
    }
    if (framing.coded() && !framing.chunked()) {
      throw Rejection.malformed("The last transfer coding of a request must be chunked.");
    }
    if (framing.chunked()) {
      body().chunked();
    } else {
      body().length(Math.max(0, framing.length()));
    }
  }

  private int count(String name) {
    int count = 0;
    for (int i = 0, n = headers().size(); i < n; i++) {
      if (headers().name(i).equalsIgnoreCase(name)) count++;
    }
    return count;
  }

  private Rejection lineTooLong() {
    return new Rejection(
        ErrorCode.URI_TOO_LONG,
        "The request line is over the limit of " + options.maxRequestLineBytes() + " bytes.");
  }

  private Rejection fieldsTooLarge() {
    return new Rejection(
        ErrorCode.FIELDS_TOO_LARGE,
        "The request's fields are over the limit of " + options.maxHeaderBytes() + " bytes.");
  }

  /** Returns the request line of the head that is complete. */
  RequestLine line() {
    RequestLine read = line;
    if (read == null) throw new IllegalStateException("no request line");
    return read;
  }

  /** Whether a body follows the head, of whatever length. */
  boolean hasBody() {
    return length() != 0;
  }

  @Override
  public void next() {
    super.next();
    line = null;
  }
}
