package dev.headgate.core.error;

/** Writes strings of JSON (RFC 8259 §7). */
final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /**
   * Appends {@code ,"name":"value"}. What could end a script or a line elsewhere is escaped too; a
   * surrogate without its partner becomes U+FFFD.
   */
  static void member(StringBuilder out, String name, String value) {
    out.append(",\"").append(name).append("\":");
    string(out, value);
  }

  static void string(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0, n = value.length(); i < n; i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || "<>&\u2028\u2029".indexOf(c) >= 0) {
        out.append("\\u").append(HEX[c >> 12]).append(HEX[c >> 8 & 15]);
        out.append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
      } else if (!Character.isSurrogate(c)) {
        out.append(c);
      } else if (i + 1 < n && Character.isSurrogatePair(c, value.charAt(i + 1))) {
        out.append(c).append(value.charAt(++i));
      } else {
        out.append('\uFFFD');
      }
    }
    out.append('"');
  }
}
