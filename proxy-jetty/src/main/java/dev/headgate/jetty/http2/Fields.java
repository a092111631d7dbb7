package dev.headgate.jetty.http2;

import dev.headgate.core.http.HeaderList;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.jspecify.annotations.Nullable;

/** Fields between the core's form and Jetty's. Stateless. */
public final class Fields {
  /**
   * What a field counts beyond its name and value in a limit of HTTP/1.1: colon, blank, line end.
   */
  private static final int LINE_BYTES = 4;

  /** What a field counts beyond its name and value in a limit of HTTP/2 (RFC 9113 6.5.2). */
  private static final int ENTRY_BYTES = 32;

  /** What a status alone counts: nothing can be said in less. */
  private static final int LEAST_BYTES = ":status200".length() + ENTRY_BYTES;

  /** Room for the names of pseudo fields, and for a change of the table's size. */
  private static final int PSEUDO_BYTES = 256;

  private static final int EXTRA_LINES = 4;

  private Fields() {}

  /**
   * Takes a request's fields over from Jetty, with {@code Host} and whole cookies.
   *
   * @param fields what was received
   * @param authority what {@code :authority} said; null where there was none
   * @return the fields; null when the request is malformed
   */
  public static @Nullable HeaderList readRequest(HttpFields fields, @Nullable String authority) {
    HeaderList list = new HeaderList(fields.size() + EXTRA_LINES);
    if (authority != null) list.append("Host", authority);
    if (!read(fields, list, authority)) return null;
    joinCookies(list);
    return list;
  }

  /**
   * Takes fields over from Jetty.
   *
   * @param fields what was received
   * @return the same; null when a field of a connection is among them, which makes the message
   *     malformed (RFC 9113 section 8.2.2)
   */
  public static @Nullable HeaderList read(HttpFields fields) {
    HeaderList list = new HeaderList(fields.size() + EXTRA_LINES);
    return read(fields, list, null) ? list : null;
  }

  private static boolean read(HttpFields fields, HeaderList list, @Nullable String authority) {
    for (int i = 0, n = fields.size(); i < n; i++) {
      HttpField field = fields.getField(i);
      HttpHeader header = field.getHeader();
      if (header != null && isOfConnection(header)) return false;
      String value = field.getValue();
      if (authority != null && header == HttpHeader.HOST) {
        if (!authority.equalsIgnoreCase(value)) return false;
        continue;
      }
      list.append(field.getName(), value == null ? "" : value);
    }
    return true;
  }

  private static boolean isOfConnection(HttpHeader header) {
    return switch (header) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, UPGRADE -> true;
      default -> false;
    };
  }

  /**
   * Gives fields to Jetty, whose encoder writes names in lower case.
   *
   * @param headers the fields
   * @return the same, without those of a connection
   */
  public static HttpFields write(HeaderList headers) {
    HttpFields.Mutable fields = HttpFields.build(headers.size());
    for (int i = 0, n = headers.size(); i < n; i++) {
      HttpField field = new HttpField(headers.name(i), headers.value(i));
      HttpHeader header = field.getHeader();
      if (header == null || !isOfConnection(header)) fields.add(field);
    }
    return fields;
  }

  /**
   * Returns how long the fields would be in HTTP/1.1, so that a limit means the same in both.
   *
   * @param headers the fields
   * @return bytes
   */
  public static int size(HeaderList headers) {
    return size(headers, LINE_BYTES);
  }

  private static int size(HeaderList headers, int each) {
    int size = 0;
    for (int i = 0, n = headers.size(); i < n; i++) {
      size += headers.name(i).length() + headers.value(i).length() + each;
    }
    return size;
  }

  /**
   * Makes sure that a head can be encoded: a larger one would end its connection.
   *
   * @param encoder the connection's
   * @param headers the head's fields
   * @param more how long the pseudo fields' values are
   * @param peerLimit how long a list the peer takes
   * @return whether the peer takes it
   */
  public static boolean fits(HpackEncoder encoder, HeaderList headers, int more, int peerLimit) {
    int size = size(headers, ENTRY_BYTES) + more + PSEUDO_BYTES;
    if (size <= encoder.getMaxHeaderListSize()) return true;
    if (size > peerLimit) return false;
    encoder.setMaxHeaderListSize(size);
    return true;
  }

  /**
   * Returns how long a list of fields a peer takes. A limit that no message can keep, such as 0, is
   * legal, but only advice (RFC 9113 section 6.5.2): it is not followed.
   *
   * @param asked what the peer's settings say
   * @return the limit
   */
  public static int listLimit(int asked) {
    return asked < LEAST_BYTES ? Integer.MAX_VALUE : asked;
  }

  /**
   * Returns how large a table heads are compressed with from now on. Once it was small it stays so:
   * Jetty's encoder does not tell a size that was made larger again before the next head, so that
   * the peer's table had lost what ours still had (RFC 7541 section 4.2).
   *
   * @param session the connection's
   * @param asked what the peer's settings say
   * @return the new limit
   */
  public static int tableCapacity(HTTP2Session session, int asked) {
    return Math.min(session.getMaxEncoderTableCapacity(), asked);
  }

  /**
   * Returns what {@code Content-Length} says.
   *
   * @param headers the fields
   * @return bytes; −1 when there is none; −2 when it is malformed, or two differ
   */
  public static long contentLength(HeaderList headers) {
    long length = -1;
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equalsIgnoreCase("content-length")) continue;
      long read = decimal(headers.value(i));
      if (read < 0 || (length >= 0 && read != length)) return -2;
      length = read;
    }
    return length;
  }

  private static long decimal(String text) {
    int digits = text.length();
    if (digits == 0 || digits > 18) return -1;
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /** Puts the crumbs of {@code Cookie} together again (RFC 9113 section 8.2.3). */
  private static void joinCookies(HeaderList headers) {
    String first = null;
    StringBuilder joined = null;
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (!headers.name(i).equals("cookie")) continue;
      if (first == null) {
        first = headers.value(i);
        continue;
      }
      if (joined == null) joined = new StringBuilder(first);
      joined.append("; ").append(headers.value(i));
    }
    if (joined != null) headers.replace("cookie", joined.toString());
  }
}
