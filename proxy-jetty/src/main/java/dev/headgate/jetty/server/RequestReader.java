package dev.headgate.jetty.server;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.jetty.http1.BadHeadException;
import dev.headgate.jetty.http1.MessageReader;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;

/** Reads requests: the request line by itself, the rest over Jetty's strict parser. */
final class RequestReader extends MessageReader implements HttpParser.RequestHandler {
  private final ListenOptions options;
  private final HttpParser parser;
  private @Nullable RequestLine line;

  RequestReader(ByteBufferPool pool, ListenOptions options) {
    super(pool, Math.max(BUFFER_BYTES, options.maxRequestLineBytes() + 2));
    this.options = options;
    int most = options.maxRequestLineBytes() + options.maxHeaderBytes() + 4;
    this.parser = new HttpParser(this, most, HttpCompliance.STRICT);
    parser.setHeaderCacheCaseSensitive(true); // values stay as sent
    parser.setHeaderCacheSize(0); // it would hold memory, and credentials, for each connection
  }

  @Override
  protected HttpParser parser() {
    return parser;
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
    }
    try {
      if (!parseHead()) return false;
    } catch (BadHeadException e) {
      throw rejection(e);
    }
    check(line);
    if (!hasBody()) parseEmptyBody();
    return true;
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
      if (buffer.get(i) == '\n') return RequestLine.read(buffer, start, i);
    }
    if (limit - start == most) throw lineTooLong();
    return null;
  }

  private void check(RequestLine read) throws Rejection {
    if (parser.getHeaderLength() - read.bytes() > options.maxHeaderBytes()) throw fieldsTooLarge();
    if (read.version() == HttpVersion.HTTP_1_0 && headers().contains("Transfer-Encoding")) {
      throw Rejection.malformed("HTTP/1.0 has no transfer codings.");
    }
  }

  private Rejection rejection(BadHeadException failure) {
    return switch (failure.code()) {
      case 414 -> lineTooLong();
      case 431 -> fieldsTooLarge();
      default -> Rejection.malformed("The request's head is malformed.");
    };
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

  boolean hasBody() {
    return parser.isChunking() || parser.getContentLength() > 0;
  }

  @Override
  public void next() {
    super.next();
    line = null;
  }

  /** Told already by the line as it was read. */
  @Override
  public void startRequest(String method, String uri, org.eclipse.jetty.http.HttpVersion version) {}
}
