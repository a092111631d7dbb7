package dev.headgate.core.http;

import java.util.Locale;

/** Checks and takes apart {@code host[:port]}. Without state. */
final class Authorities {
  private static final int MAX_NAME = 253;

  private Authorities() {}

  /**
   * Checks an authority and brings it into its one form: lower case, without a dot at the end of
   * the name, without an empty port or zeros before the port. Where it has that form already
   * nothing but the substring is allocated.
   */
  static String normalise(String text, int from, int to) throws BadTargetException {
    if (from >= to) throw TargetFault.AUTHORITY.exception();
    int hostEnd = text.charAt(from) == '[' ? literalEnd(text, from, to) : nameEnd(text, from, to);
    int nameEnd = text.charAt(hostEnd - 1) == '.' ? hostEnd - 1 : hostEnd;
    if (nameEnd == from || nameEnd - from > MAX_NAME) throw TargetFault.AUTHORITY.exception();
    int port = hostEnd < to ? port(text, hostEnd + 1, to) : -1;
    boolean normal =
        nameEnd == hostEnd
            && (hostEnd == to || (port > 0 && text.charAt(hostEnd + 1) != '0'))
            && !hasUpper(text, from, hostEnd);
    if (normal) return text.substring(from, to);
    String host = text.substring(from, nameEnd).toLowerCase(Locale.ROOT);
    return port > 0 ? host + ":" + port : host;
  }

  /** The port of a normalised authority, or -1. */
  static int port(String authority) {
    int colon = colon(authority);
    return colon < 0 ? -1 : Integer.parseInt(authority, colon + 1, authority.length(), 10);
  }

  /** The host of a normalised authority, without brackets. */
  static String host(String authority) {
    int colon = colon(authority);
    int end = colon < 0 ? authority.length() : colon;
    if (!authority.isEmpty() && authority.charAt(0) == '[') return authority.substring(1, end - 1);
    return authority.substring(0, end);
  }

  private static int colon(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : -1;
  }

  private static int literalEnd(String text, int from, int to) throws BadTargetException {
    int close = text.indexOf(']', from);
    if (close < 0 || close >= to || !isIpv6(text, from + 1, close)) {
      throw TargetFault.AUTHORITY.exception();
    }
    if (close + 1 < to && text.charAt(close + 1) != ':') throw TargetFault.AUTHORITY.exception();
    return close + 1;
  }

  private static int nameEnd(String text, int from, int to) throws BadTargetException {
    char before = '.';
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == ':' && i > from) {
        if (text.indexOf('@', i) >= 0 && text.indexOf('@', i) < to) {
          throw TargetFault.USERINFO.exception();
        }
        return i;
      }
      if (c == '@') throw TargetFault.USERINFO.exception();
      if (!isNameCharacter(c) || (c == '.' && before == '.'))
        throw TargetFault.AUTHORITY.exception();
      before = c;
    }
    return to;
  }

  /** The port; -1 where the digits are missing, which RFC 3986 §3.2.3 allows. */
  private static int port(String text, int from, int to) throws BadTargetException {
    if (from == to) return -1;
    if (to - from > 5) throw TargetFault.AUTHORITY.exception();
    int port = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') throw TargetFault.AUTHORITY.exception();
      port = port * 10 + c - '0';
    }
    if (port < 1 || port > 65535) throw TargetFault.AUTHORITY.exception();
    return port;
  }

  /** RFC 3986 §3.2.2, without zones. */
  private static boolean isIpv6(String text, int from, int to) {
    int groups = 0;
    boolean compressed = false;
    int i = from;
    if (text.startsWith("::", i)) {
      compressed = true;
      i += 2;
    }
    while (i < to) {
      int end = i;
      while (end < to && PathNormaliser.hex(text.charAt(end)) >= 0) end++;
      if (end < to && text.charAt(end) == '.') {
        groups += 2;
        if (!isIpv4(text, i, to)) return false;
        i = to;
        break;
      }
      if (end == i || end - i > 4) return false;
      groups++;
      i = end;
      if (i == to) break;
      if (text.charAt(i) != ':') return false;
      i++;
      if (i < to && text.charAt(i) == ':') {
        if (compressed) return false;
        compressed = true;
        i++;
      } else if (i == to) {
        return false;
      }
    }
    return i == to && (compressed ? groups <= 7 : groups == 8);
  }

  private static boolean isIpv4(String text, int from, int to) {
    int parts = 0;
    for (int i = from; i <= to; ) {
      int end = i;
      int value = 0;
      while (end < to && end - i < 3 && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        value = value * 10 + text.charAt(end++) - '0';
      }
      boolean zeros = end - i > 1 && text.charAt(i) == '0';
      if (end == i || value > 255 || zeros) return false;
      parts++;
      if (end < to && text.charAt(end) != '.') return false;
      i = end + 1;
    }
    return parts == 4;
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_';
  }

  private static boolean hasUpper(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') return true;
    }
    return false;
  }
}
