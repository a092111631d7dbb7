package dev.headgate.jetty.server;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.api.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request line, byte for byte: a lower-case version, several spaces, other bytes than visible
 * ASCII are refused, and the target is kept as sent.
 *
 * @param method the method, a token
 * @param target the request target as sent, visible ASCII only
 * @param version 1.0 or 1.1
 */
record RequestLine(String method, String target, HttpVersion version) {
  private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  /** Methods that need no string of their own for each request. */
  private static final String[] METHODS = {
    "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"
  };

  /**
   * Reads a line.
   *
   * @param buffer where it lies; not moved
   * @param start its first byte
   * @param lf the index of its line feed
   * @param before the last one of the connection, as many clients ask for the same again
   * @return the line
   * @throws Rejection if it isn't one of HTTP/1
   */
  static RequestLine read(ByteBuffer buffer, int start, int lf, @Nullable RequestLine before)
      throws Rejection {
    int end = lf - 1;
    if (end < start || buffer.get(end) != '\r') {
      throw Rejection.malformed("The request line must end with CR LF.");
    }
    int space1 = indexOf(buffer, start, end, ' ');
    int space2 = space1 < 0 ? -1 : indexOf(buffer, space1 + 1, end, ' ');
    if (space1 <= start || space2 <= space1 + 1) {
      throw Rejection.malformed("The request line must be a method, a target and a version.");
    }
    for (int i = space1 + 1; i < space2; i++) {
      byte b = buffer.get(i);
      if (b <= ' ' || b == 0x7f) {
        throw Rejection.malformed("The request target must be of visible ASCII characters.");
      }
    }
    HttpVersion version = version(buffer, space2 + 1, end);
    String method = method(buffer, start, space1);
    if (before == null || !matches(buffer, space1 + 1, space2, before.target)) {
      return new RequestLine(method, text(buffer, space1 + 1, space2), version);
    }
    boolean same = method.equals(before.method) && version == before.version;
    return same ? before : new RequestLine(method, before.target, version);
  }

  private static String method(ByteBuffer buffer, int from, int to) throws Rejection {
    for (String known : METHODS) {
      if (matches(buffer, from, to, known)) return known;
    }
    String method = text(buffer, from, to);
    if (!FieldSyntax.isToken(method)) throw Rejection.malformed("The method must be a token.");
    return method;
  }

  private static boolean matches(ByteBuffer buffer, int from, int to, String text) {
    if (text.length() != to - from) return false;
    for (int i = 0; i < text.length(); i++) {
      if (buffer.get(from + i) != text.charAt(i)) return false;
    }
    return true;
  }

  private static HttpVersion version(ByteBuffer buffer, int from, int to) throws Rejection {
    if (to - from == HTTP_1.length + 1) {
      boolean one = true;
      for (int i = 0; i < HTTP_1.length; i++) one &= buffer.get(from + i) == HTTP_1[i];
      byte minor = buffer.get(to - 1);
      if (one && minor == '1') return HttpVersion.HTTP_1_1;
      if (one && minor == '0') return HttpVersion.HTTP_1_0;
    }
    String text = text(buffer, from, Math.min(to, from + 16));
    if (text.matches("HTTP/[0-9](\\.[0-9])?")) {
      throw new Rejection(
          Rejection.VERSION_NOT_SUPPORTED, "The listener speaks HTTP/1.1 and HTTP/1.0.");
    }
    throw Rejection.malformed("The request line must end with the HTTP version.");
  }

  private static int indexOf(ByteBuffer buffer, int from, int to, char c) {
    for (int i = from; i < to; i++) {
      if (buffer.get(i) == c) return i;
    }
    return -1;
  }

  private static String text(ByteBuffer buffer, int from, int to) {
    byte[] bytes = new byte[Math.max(0, to - from)];
    buffer.get(from, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
