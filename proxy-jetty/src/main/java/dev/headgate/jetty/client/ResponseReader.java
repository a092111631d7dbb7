package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.jetty.http1.BadHeadException;
import dev.headgate.jetty.http1.ConnectionField;
import dev.headgate.jetty.http1.MessageReader;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;

/**
 * Reads responses, interim ones too. As strict as for requests, but for what a recipient should
 * forgive a server: a bare line feed, and white space before a colon (RFC 9112 sections 2.2 and
 * 5.1).
 */
final class ResponseReader extends MessageReader implements HttpParser.ResponseHandler {
  private static final HttpCompliance COMPLIANCE =
      HttpCompliance.STRICT.with(
          "headgate-response",
          HttpCompliance.Violation.LF_HEADER_TERMINATION,
          HttpCompliance.Violation.WHITESPACE_AFTER_FIELD_NAME);

  private static final int MAX_INTERIMS = 100;

  private final int maxHeadBytes;
  private final HttpParser parser;
  private boolean head;
  private int interims;
  private int status;
  private boolean http11;
  private boolean persists;

  ResponseReader(ByteBufferPool pool, int maxHeadBytes) {
    super(pool, BUFFER_BYTES);
    this.maxHeadBytes = maxHeadBytes;
    // The parser's own limit is for trailers; heads are measured here, piece by piece.
    this.parser = new HttpParser(this, maxHeadBytes + BUFFER_BYTES, COMPLIANCE);
    parser.setHeaderCacheCaseSensitive(true); // values stay as sent
    parser.setHeaderCacheSize(0); // it would hold memory for each connection
  }

  @Override
  protected HttpParser parser() {
    return parser;
  }

  /** Says whether the request was a HEAD, whose response has no body. */
  void head(boolean expected) {
    head = expected;
    interims = 0;
  }

  /**
   * Reads on in the head.
   *
   * @return whether it is complete; if not, more bytes are needed
   * @throws BadResponseException if it isn't a head of HTTP/1, or over the limit
   */
  boolean readHead() throws BadResponseException {
    try {
      boolean complete = parseHead();
      if (parser.getHeaderLength() > maxHeadBytes) {
        throw new BadResponseException(Faults.headTooLarge(maxHeadBytes));
      }
      if (!complete) return false;
    } catch (BadHeadException e) {
      throw new BadResponseException(Faults.malformed("The upstream's response is malformed.", e));
    }
    check();
    persists = ConnectionField.persists(headers(), http11);
    if (isBodyless() || length() == 0) parseEmptyBody();
    return true;
  }

  private void check() throws BadResponseException {
    if (status == 101) {
      throw new BadResponseException(
          Faults.malformed("The upstream switched protocols unasked.", null));
    }
    HeaderList fields = headers();
    if (isInterim() && ++interims > MAX_INTERIMS) {
      throw new BadResponseException(
          Faults.malformed("The upstream sent too many interim responses.", null));
    }
    if (isBodyless() || !fields.contains("Transfer-Encoding")) return;
    List<String> codings = fields.all("Transfer-Encoding");
    if (!http11 || codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw new BadResponseException(
          Faults.malformed("The upstream's response has an unknown transfer coding.", null));
    }
  }

  int status() {
    return status;
  }

  boolean isInterim() {
    return status < 200;
  }

  /** Whether there can be no body, whatever the fields say. */
  boolean isBodyless() {
    return head || status < 200 || status == 204 || status == 304;
  }

  /** Whether the connection may serve another request, once the response has ended. */
  boolean keepsConnection() {
    return persists && ended() && !hasUnread() && !parser.isTerminated();
  }

  @Override
  public void startResponse(HttpVersion version, int code, @Nullable String reason) {
    status = code;
    parser.setHeadResponse(head);
    http11 = version == HttpVersion.HTTP_1_1;
  }
}
