package dev.headgate.jetty.http1;

import dev.headgate.core.http.HeaderList;

/**
 * How a head frames its body (RFC 9112 section 6.3). What could be read in two ways is refused:
 * both length and coding, several lengths, a length that is no plain number.
 *
 * @param length bytes by Content-Length; −1 when there is none
 * @param coded whether there is a Transfer-Encoding
 * @param chunked whether its last coding is chunked, once
 */
public record Framing(long length, boolean coded, boolean chunked) {
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String TRANSFER_ENCODING = "Transfer-Encoding";
  private static final String CHUNKED = "chunked";
  private static final int MAX_DIGITS = 18;

  /** Of a head without either field. */
  public static final Framing NONE = new Framing(-1, false, false);

  private static final Framing ONLY_CHUNKED = new Framing(-1, true, true);

  /**
   * Reads a head's framing.
   *
   * @param headers its fields
   * @param before that of the head before it, which is likely the same
   * @return the framing
   * @throws BadHeadException if it can be read in two ways, or is malformed
   */
  public static Framing of(HeaderList headers, Framing before) throws BadHeadException {
    String length = null;
    String codings = null;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      if (is(name, CONTENT_LENGTH)) {
        if (length != null) throw bad("several lengths");
        length = headers.value(i);
      } else if (is(name, TRANSFER_ENCODING)) {
        codings = codings == null ? headers.value(i) : codings + "," + headers.value(i);
      }
    }
    if (length != null && codings != null) throw bad("a length and a transfer coding");
    if (length != null) {
      long bytes = number(length);
      return before.length == bytes ? before : new Framing(bytes, false, false);
    }
    if (codings == null) return NONE;
    return codings.equalsIgnoreCase(CHUNKED)
        ? ONLY_CHUNKED
        : new Framing(-1, true, endsChunked(codings));
  }

  private static boolean is(String name, String expected) {
    return name.length() == expected.length() && name.equalsIgnoreCase(expected);
  }

  private static long number(String text) throws BadHeadException {
    if (text.isEmpty() || text.length() > MAX_DIGITS) throw bad("the length is no number");
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') throw bad("the length is no number");
      value = value * 10 + c - '0';
    }
    return value;
  }

  private static boolean endsChunked(String codings) {
    String[] all = codings.split(",", -1);
    for (int i = 0; i < all.length; i++) {
      boolean chunked = all[i].trim().equalsIgnoreCase(CHUNKED);
      if (chunked != (i == all.length - 1)) return false;
    }
    return true;
  }

  private static BadHeadException bad(String what) {
    return new BadHeadException(400, what);
  }
}
