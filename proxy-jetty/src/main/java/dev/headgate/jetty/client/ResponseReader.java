package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.jetty.http1.BadHeadException;
import dev.headgate.jetty.http1.ConnectionField;
import dev.headgate.jetty.http1.Framing;
import dev.headgate.jetty.http1.MessageReader;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.jspecify.annotations.Nullable;

/**
 * Reads responses, interim ones too. As strict as for requests, but for what a recipient should
 * forgive a server: a bare line feed, white space before a colon (RFC 9112 sections 2.2 and 5.1),
 * and empty lines before a response.
 */
final class ResponseReader extends MessageReader {
  private static final int TOO_LARGE = 431;
  private static final int MAX_INTERIMS = 100;

  private final int maxHeadBytes;
  private boolean head;
  private int interims;
  private @Nullable StatusLine line;

  /** Of the head before. */
  private Framing framing = Framing.NONE;

  private boolean persists;

  ResponseReader(ByteBufferPool pool, int maxHeadBytes) {
    super(pool, BUFFER_BYTES, LARGE_BUFFER_BYTES, true, maxHeadBytes);
    this.maxHeadBytes = maxHeadBytes;
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
    ByteBuffer buffer = unread();
    if (buffer == null) return false;
    StatusLine read = line;
    if (read == null) {
      try {
        read = StatusLine.read(buffer);
      } catch (BadHeadException e) {
        throw malformed(e);
      }
      if (read == null) {
        // The buffer keeps what came of it: a status line must fit in there.
        if (!hasRoom()) throw malformed(null);
        releaseIfEmpty();
        return false;
      }
      line = read;
      beginFields(maxHeadBytes);
    }
    try {
      if (!parseFields()) return false;
      framing = Framing.of(headers(), framing);
      frame(read, framing);
      return true;
    } catch (BadHeadException e) {
      throw e.code() == TOO_LARGE
          ? new BadResponseException(Faults.headTooLarge(maxHeadBytes))
          : malformed(e);
    }
  }

  private static BadResponseException malformed(@Nullable Throwable cause) {
    return new BadResponseException(
        Faults.malformed("The upstream's response is malformed.", cause));
  }

  private void frame(StatusLine read, Framing framing) throws BadResponseException {
    if (isInterim() && ++interims > MAX_INTERIMS) {
      throw new BadResponseException(
          Faults.malformed("The upstream sent too many interim responses.", null));
    }
    HeaderList fields = headers();
    persists = ConnectionField.persists(fields, read.http11());
    if (isBodyless()) {
      body().length(0);
    } else if (framing.coded()) {
      boolean known = read.http11() && framing.chunked() && isOnlyChunked(fields);
      if (!known) {
        throw new BadResponseException(
            Faults.malformed("The upstream's response has an unknown transfer coding.", null));
      }
      body().chunked();
    } else if (framing.length() >= 0) {
      body().length(framing.length());
    } else {
      body().untilEnd();
    }
  }

  private static boolean isOnlyChunked(HeaderList fields) {
    return "chunked".equalsIgnoreCase(fields.get("Transfer-Encoding"));
  }

  int status() {
    StatusLine read = line;
    if (read == null) throw new IllegalStateException("no status line");
    return read.status();
  }

  boolean isInterim() {
    return status() < 200;
  }

  /** Whether there can be no body, whatever the fields say. */
  boolean isBodyless() {
    int status = status();
    return head || status < 200 || status == 204 || status == 304;
  }

  /** Whether the connection may serve another request, once the response has ended. */
  boolean keepsConnection() {
    return persists && ended() && !hasUnread() && !endedWithConnection();
  }

  @Override
  public void next() {
    super.next();
    line = null;
  }
}
