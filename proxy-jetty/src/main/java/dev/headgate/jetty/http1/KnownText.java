package dev.headgate.jetty.http1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names and values that most heads have, so that reading one makes no string of them. A match is
 * exact, byte for byte: what was sent is what is passed on. Stateless.
 */
final class KnownText {
  /**
   * Names whose values a connection may keep from head to head, as they tend to stay the same.
   * Never one whose values may be secrets.
   */
  private static final String[] STEADY = {
    "Host",
    "User-Agent",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Content-Type",
    "Server",
    "Date"
  };

  private static final String[] OTHERS = {
    "Connection",
    "Content-Length",
    "Transfer-Encoding",
    "Authorization",
    "Cookie",
    "Set-Cookie",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "ETag",
    "Last-Modified",
    "Expires",
    "Vary",
    "Via",
    "Location",
    "Origin",
    "Referer",
    "Range",
    "Content-Range",
    "Accept-Ranges",
    "If-None-Match",
    "If-Modified-Since",
    "If-Match",
    "Expect",
    "TE",
    "Trailer",
    "Upgrade",
    "Keep-Alive",
    "Pragma",
    "Age",
    "Allow",
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Request-ID",
    "X-Request-Id",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-Dest",
    "Upgrade-Insecure-Requests",
    "Proxy-Connection",
    "x-api-key",
    "anthropic-version",
    "traceparent",
    "Alt-Svc",
    "Access-Control-Allow-Origin"
  };

  private static final String[] VALUES = {
    "keep-alive",
    "close",
    "chunked",
    "gzip",
    "identity",
    "*/*",
    "gzip, deflate",
    "gzip, deflate, br",
    "gzip, deflate, br, zstd",
    "application/json",
    "application/json; charset=utf-8",
    "text/event-stream",
    "text/event-stream; charset=utf-8",
    "text/plain",
    "text/html",
    "text/html; charset=utf-8",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "no-cache",
    "no-store",
    "max-age=0",
    "bytes",
    "trailers",
    "Accept-Encoding",
    "nosniff",
    "100-continue",
    "br",
    "zstd",
    "deflate",
    "cors",
    "DENY",
    "1",
    "0"
  };

  private static final int MAX_LENGTH = 40;
  private static final int SLOTS = 512;
  private static final int NUMBERS = 1000;

  private static final Name[] NAME_TABLE = new Name[SLOTS];
  private static final String[] VALUE_TABLE = new String[SLOTS];
  private static final @Nullable String[] NUMBER_TABLE = new String[NUMBERS];

  /**
   * A name.
   *
   * @param text as sent
   * @param steady an index for values that are kept; −1 where they are not
   */
  record Name(String text, int steady) {}

  static {
    for (int i = 0; i < STEADY.length; i++) {
      put(new Name(STEADY[i], i));
      put(new Name(STEADY[i].toLowerCase(Locale.ROOT), i));
    }
    for (String text : OTHERS) {
      put(new Name(text, -1));
      put(new Name(text.toLowerCase(Locale.ROOT), -1));
    }
    for (String text : VALUES) {
      int slot = slot(text);
      while (VALUE_TABLE[slot] != null) slot = (slot + 1) % SLOTS;
      VALUE_TABLE[slot] = text;
    }
  }

  private KnownText() {}

  private static void put(Name name) {
    int slot = slot(name.text());
    while (NAME_TABLE[slot] != null) slot = (slot + 1) % SLOTS;
    NAME_TABLE[slot] = name;
  }

  private static int slot(String text) {
    int length = text.length();
    return slot(length, text.charAt(0), text.charAt(length >> 1), text.charAt(length - 1));
  }

  private static int slot(int length, int first, int middle, int last) {
    return (length * 31 + first * 7 + middle * 17 + last * 3) % SLOTS;
  }

  /** Returns how many names have a {@link Name#steady()}. */
  static int steadyNames() {
    return STEADY.length;
  }

  /** Returns the name that lies there; null when it is not a known one. */
  static @Nullable Name name(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0 || length > MAX_LENGTH) return null;
    int slot = slot(bytes, from, length);
    while (true) {
      Name found = NAME_TABLE[slot];
      if (found == null) return null;
      if (matches(found.text(), bytes, from, length)) return found;
      slot = (slot + 1) % SLOTS;
    }
  }

  /** Returns the value that lies there; null when it is not a known one. */
  static @Nullable String value(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length == 0) return "";
    if (length > MAX_LENGTH) return null;
    if (length <= 3 && bytes[from] >= '1' && bytes[from] <= '9') return number(bytes, from, to);
    int slot = slot(bytes, from, length);
    while (true) {
      String found = VALUE_TABLE[slot];
      if (found == null) return null;
      if (matches(found, bytes, from, length)) return found;
      slot = (slot + 1) % SLOTS;
    }
  }

  private static int slot(byte[] bytes, int from, int length) {
    return slot(
        length,
        bytes[from] & 0xff,
        bytes[from + (length >> 1)] & 0xff,
        bytes[from + length - 1] & 0xff);
  }

  private static @Nullable String number(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) return null;
      value = value * 10 + digit;
    }
    String text = NUMBER_TABLE[value];
    if (text == null) {
      text = Integer.toString(value);
      NUMBER_TABLE[value] = text;
    }
    return text;
  }

  /** Returns whether a text is spelled by these bytes. */
  static boolean matches(String text, byte[] bytes, int from, int length) {
    if (text.length() != length) return false;
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != (bytes[from + i] & 0xff)) return false;
    }
    return true;
  }
}
