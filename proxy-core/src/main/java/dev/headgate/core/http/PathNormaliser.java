package dev.headgate.core.http;

/**
 * Makes the one reading of a path that is matched and forwarded. {@link RequestTarget} says which.
 *
 * <p>Two passes: {@link #canonical} checks characters and escapes, {@link #withoutDots} removes dot
 * segments. Both return their argument, without allocating, where there is nothing to do.
 */
final class PathNormaliser {
  private static final boolean[] LEGAL = new boolean[128];
  private static final boolean[] UNRESERVED = new boolean[256];
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  static {
    for (char c = '0'; c <= '9'; c++) UNRESERVED[c] = true;
    for (char c = 'a'; c <= 'z'; c++) UNRESERVED[c] = true;
    for (char c = 'A'; c <= 'Z'; c++) UNRESERVED[c] = true;
    for (char c : "-._~".toCharArray()) UNRESERVED[c] = true;
    System.arraycopy(UNRESERVED, 0, LEGAL, 0, LEGAL.length);
    for (char c : "/%!$&'()*+,;=:@|{}[]".toCharArray()) LEGAL[c] = true;
  }

  private PathNormaliser() {}

  /** Normalises all of {@code path}. */
  static String normalise(String path) throws BadTargetException {
    if (path.isEmpty() || path.charAt(0) != '/') throw TargetFault.NOT_ABSOLUTE.exception();
    String canonical = canonical(path);
    return mayHaveDots(canonical) ? withoutDots(canonical) : canonical;
  }

  /**
   * Checks every character, decodes escaped unreserved characters, writes other escapes in upper
   * case.
   */
  private static String canonical(String path) throws BadTargetException {
    boolean canonical = true;
    for (int i = 0, n = path.length(); i < n; i++) {
      char c = path.charAt(i);
      if (c >= 128 || !LEGAL[c]) {
        throw c == '#' ? TargetFault.FRAGMENT.exception() : TargetFault.ILLEGAL.exception();
      }
      if (c == '%') {
        int value = escape(path, i);
        if (value < 0) throw TargetFault.ESCAPE.exception();
        if (value < 0x20 || value == 0x7f) throw TargetFault.CONTROL.exception();
        if (value >= 0xc0 && overlong(value, path, i + 3)) throw TargetFault.OVERLONG.exception();
        canonical &=
            !UNRESERVED[value] && isUpper(path.charAt(i + 1)) && isUpper(path.charAt(i + 2));
        i += 2;
      }
    }
    return canonical ? path : rewriteEscapes(path);
  }

  private static String rewriteEscapes(String path) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0, n = path.length(); i < n; i++) {
      char c = path.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int value = escape(path, i);
      if (UNRESERVED[value]) {
        out.append((char) value);
      } else {
        out.append('%').append(HEX[value >> 4]).append(HEX[value & 15]);
      }
      i += 2;
    }
    return out.toString();
  }

  /** Whether a piece between separators, encoded ones included, begins with a dot. */
  private static boolean mayHaveDots(String path) {
    for (int i = path.indexOf('.'); i >= 0; i = path.indexOf('.', i + 1)) {
      if (path.charAt(i - 1) == '/' || isEncodedSeparator(path, i - 3)) return true;
    }
    return false;
  }

  private static String withoutDots(String path) throws BadTargetException {
    boolean found = false;
    int n = path.length();
    for (int start = 1; start <= n; ) {
      int end = segmentEnd(path, start);
      found |= checkDots(path, start, end);
      start = end + 1;
    }
    return found ? removeDots(path) : path;
  }

  /** Returns whether the segment is a dot segment; refuses what some readers would take for one. */
  private static boolean checkDots(String path, int start, int end) throws BadTargetException {
    for (int piece = start; piece <= end; ) {
      int pieceEnd = piece;
      while (pieceEnd < end && !isEncodedSeparator(path, pieceEnd)) pieceEnd++;
      int bare = piece;
      while (bare < pieceEnd && !isParameter(path, bare)) bare++;
      if (dots(path, piece, bare) > 0) {
        if (piece == start && bare == end) return true;
        throw TargetFault.HIDDEN_DOTS.exception();
      }
      piece = pieceEnd + 3;
    }
    return false;
  }

  /** RFC 3986 §5.2.4, but climbing above the root is refused. */
  private static String removeDots(String path) throws BadTargetException {
    StringBuilder out = new StringBuilder(path.length());
    int n = path.length();
    for (int slash = 0; slash < n; ) {
      int end = segmentEnd(path, slash + 1);
      int dots = dots(path, slash + 1, end);
      if (dots == 0) out.append(path, slash, end);
      if (dots == 2) {
        int last = out.lastIndexOf("/");
        if (last < 0) throw TargetFault.ABOVE_ROOT.exception();
        out.setLength(last);
      }
      if (dots > 0 && end == n) out.append('/');
      slash = end;
    }
    return out.toString();
  }

  private static int segmentEnd(String path, int start) {
    int end = path.indexOf('/', start);
    return end < 0 ? path.length() : end;
  }

  /** 1 for ".", 2 for "..", else 0. */
  private static int dots(String path, int start, int end) {
    int length = end - start;
    if (length < 1 || length > 2 || path.charAt(start) != '.') return 0;
    return path.charAt(end - 1) == '.' ? length : 0;
  }

  private static boolean isEncodedSeparator(String path, int i) {
    return i >= 0 && (path.startsWith("%2F", i) || path.startsWith("%5C", i));
  }

  private static boolean isParameter(String path, int i) {
    return path.charAt(i) == ';' || path.startsWith("%3B", i);
  }

  /**
   * UTF-8 that encodes a character in more bytes than it needs: some decoders read "/" or "."
   * there.
   */
  private static boolean overlong(int lead, String path, int next) {
    int second = next < path.length() && path.charAt(next) == '%' ? escape(path, next) : -1;
    if (second < 0x80 || second > 0xbf) return false;
    return lead <= 0xc1 || (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  }

  /** The octet of the escape at {@code i}, or below zero if it is none. */
  private static int escape(String path, int i) {
    if (i + 2 >= path.length()) return -1;
    int high = hex(path.charAt(i + 1));
    int low = hex(path.charAt(i + 2));
    return (high | low) < 0 ? -1 : high << 4 | low;
  }

  static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  }

  private static boolean isUpper(char hexDigit) {
    return hexDigit <= 'F';
  }
}
