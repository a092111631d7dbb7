package dev.headgate.plugins.logging;

import java.util.HexFormat;

/** Makes text from outside fit for one line of a log. */
final class SafeText {
  /** How much of one text is kept, in characters. */
  static final int MAX_LENGTH = 2048;

  private SafeText() {}

  /** Escapes, and shortens to {@link #MAX_LENGTH} characters, saying how many are left out. */
  static String of(String text) {
    if (text.length() <= MAX_LENGTH) return escape(text);
    return escape(text.substring(0, MAX_LENGTH))
        + "... ("
        + (text.length() - MAX_LENGTH)
        + " more)";
  }

  /**
   * Replaces every character that could end a line, move a cursor or turn the direction of writing
   * by a visible escape. Returns the same object when there is none.
   */
  static String escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isUnsafe(text.charAt(i))) return escapeFrom(i, text);
    }
    return text;
  }

  private static String escapeFrom(int first, String text) {
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isUnsafe(c)) {
        out.append(c);
        continue;
      }
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return out.toString();
  }

  private static boolean isUnsafe(char c) {
    if (c < 0x7f) return c < ' ';
    return c <= 0x9f
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f
        || c == 0xfeff;
  }
}
