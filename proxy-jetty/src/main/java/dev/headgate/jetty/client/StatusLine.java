package dev.headgate.jetty.client;

import dev.headgate.jetty.http1.BadHeadException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A status line (RFC 9112 section 4). The reason is not kept, as nothing may go by it.
 *
 * @param status the status, 100 to 999
 * @param http11 whether the version is 1.1 or a later one of HTTP/1
 */
record StatusLine(int status, boolean http11) {
  private static final String HTTP_1 = "HTTP/1.";
  private static final int STATUS = HTTP_1.length() + 2;

  /** Most lines are of this status. */
  private static final StatusLine OK = new StatusLine(200, true);

  /**
   * Reads a line, and empty ones before it.
   *
   * @param in what has come; moved behind the line when there is one
   * @return the line; null when more bytes are needed
   * @throws BadHeadException if it isn't one of HTTP/1
   */
  static @Nullable StatusLine read(ByteBuffer in) throws BadHeadException {
    skipEmptyLines(in);
    int start = in.position();
    int end = start;
    while (end < in.limit() && in.get(end) != '\n') {
      check(in, start, end);
      end++;
    }
    if (end == in.limit()) return null;
    int last = end > start && in.get(end - 1) == '\r' ? end - 1 : end;
    if (last - start < STATUS + 3) throw bad();
    StatusLine line = parse(in, start, last);
    in.position(end + 1);
    return line;
  }

  /** A CR by itself is left: it begins no status line. */
  private static void skipEmptyLines(ByteBuffer in) {
    while (in.hasRemaining()) {
      int at = in.position();
      boolean pair = in.remaining() > 1 && in.get(at) == '\r' && in.get(at + 1) == '\n';
      if (!pair && in.get(at) != '\n') return;
      in.position(pair ? at + 2 : at + 1);
    }
  }

  /** Refuses what can't be a status line as soon as that can be seen. */
  private static void check(ByteBuffer in, int start, int at) throws BadHeadException {
    int index = at - start;
    // A CR at the end of what has come may be that of an empty line.
    boolean mayBeEmpty = index == 0 && in.get(at) == '\r' && at + 1 == in.limit();
    if (index < HTTP_1.length() && in.get(at) != HTTP_1.charAt(index) && !mayBeEmpty) throw bad();
  }

  private static StatusLine parse(ByteBuffer in, int start, int end) throws BadHeadException {
    int minor = in.get(start + HTTP_1.length()) - '0';
    boolean legal = minor >= 0 && minor <= 9 && in.get(start + STATUS - 1) == ' ';
    int status = 0;
    for (int i = start + STATUS; i < start + STATUS + 3; i++) {
      int digit = in.get(i) - '0';
      legal &= digit >= 0 && digit <= 9;
      status = status * 10 + digit;
    }
    for (int i = start + STATUS + 3; i < end; i++) {
      int b = in.get(i) & 0xff;
      legal &= (b >= ' ' && b != 0x7f) || b == '\t';
    }
    boolean ends = start + STATUS + 3 == end || in.get(start + STATUS + 3) == ' ';
    if (!legal || !ends || status < 100) throw bad();
    return status == 200 && minor > 0 ? OK : new StatusLine(status, minor > 0);
  }

  private static BadHeadException bad() {
    return new BadHeadException(400, "no status line");
  }
}
