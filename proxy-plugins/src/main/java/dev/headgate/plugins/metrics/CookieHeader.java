package dev.headgate.plugins.metrics;

import dev.headgate.api.Credentials;
import dev.headgate.api.http.FieldSyntax;
import java.util.Optional;
import java.util.StringJoiner;

/** Renders credentials as the value of a {@code Cookie} field (RFC 6265, section 4.2.1). */
final class CookieHeader {
  private CookieHeader() {}

  /**
   * Renders cookies.
   *
   * @return the field's value; empty when there are no cookies
   * @throws IllegalArgumentException if one would change the meaning of the field; it names the
   *     cookie, never its value
   */
  static Optional<String> of(Credentials credentials) {
    StringJoiner pairs = new StringJoiner("; ");
    credentials
        .cookies()
        .forEach(
            (name, value) -> {
              if (!FieldSyntax.isToken(name) || !value.chars().allMatch(CookieHeader::isLegal)) {
                throw new IllegalArgumentException(
                    "cookie '"
                        + name.replaceAll("[^\\x21-\\x7e]", "?")
                        + "' must have a token as its name and a value of visible ASCII without"
                        + " ';'");
              }
              pairs.add(name + "=" + value);
            });
    return pairs.length() == 0 ? Optional.empty() : Optional.of(pairs.toString());
  }

  private static boolean isLegal(int c) {
    return c > ' ' && c < 0x7f && c != ';';
  }
}
