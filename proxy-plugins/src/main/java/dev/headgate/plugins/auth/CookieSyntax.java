package dev.headgate.plugins.auth;

import dev.headgate.api.http.FieldSyntax;
import java.util.Optional;

/** What RFC 6265 §4.1.1 allows in a cookie. No message of these checks ever holds a value. */
final class CookieSyntax {
  private CookieSyntax() {}

  /** Returns what is wrong with a cookie name, if anything is. */
  static Optional<String> checkName(String name) {
    return FieldSyntax.isToken(name)
        ? Optional.empty()
        : Optional.of(
            "cookie name must be a token (RFC 6265 section 4.1.1), but was '"
                + printable(name)
                + "'");
  }

  /** Returns what is wrong with the value of the cookie {@code name}, if anything is. */
  static Optional<String> checkValue(String name, String value) {
    int from = 0;
    int to = value.length();
    if (to >= 2 && value.charAt(0) == '"' && value.charAt(to - 1) == '"') {
      from++;
      to--;
    }
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (!isOctet(c)) {
        return Optional.of(
            String.format(
                "value of cookie '%s' must not contain U+%04X (at index %d of %d): expected visible"
                    + " ASCII without '\"', ',', ';' and '\\' (RFC 6265 section 4.1.1)",
                name, (int) c, i, value.length()));
      }
    }
    return Optional.empty();
  }

  private static boolean isOctet(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  /** Escapes what could break a line of a log or a terminal. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out.toString();
  }
}
