package dev.headgate.core.error;

import dev.headgate.api.http.FieldSyntax;

/** Writes items of structured fields (RFC 9651 §4.1). */
final class StructuredText {
  private StructuredText() {}

  /** A token where the text is one, else a string. */
  static String tokenOrString(String text) {
    return isToken(text) ? text : string(text);
  }

  /** A string; characters that it can't hold become {@code ?}. */
  static String string(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0, n = text.length(); i < n; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') out.append('\\');
      out.append(c < ' ' || c >= 0x7f ? '?' : c);
    }
    return out.append('"').toString();
  }

  private static boolean isToken(String text) {
    if (text.isEmpty()) return false;
    char first = text.charAt(0);
    boolean start =
        first == '*' || (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    return start && FieldSyntax.isToken(text.replace(':', '.').replace('/', '.'));
  }
}
