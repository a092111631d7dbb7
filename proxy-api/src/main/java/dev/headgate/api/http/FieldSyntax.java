package dev.headgate.api.http;

import java.util.Objects;

/**
 * The syntax of field names and values, checked wherever a plugin or a configuration sets one, so
 * that no input of ours can split a message (RFC 9110 §5.1, §5.5; RFC 9113 §8.2.1).
 *
 * <p>All methods are stateless and may be called on any thread.
 */
public final class FieldSyntax {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) TOKEN[c] = true;
    for (char c = 'a'; c <= 'z'; c++) TOKEN[c] = true;
    for (char c = 'A'; c <= 'Z'; c++) TOKEN[c] = true;
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) TOKEN[c] = true;
  }

  private FieldSyntax() {}

  /**
   * Returns whether {@code text} is a token (RFC 9110 §5.6.2), as methods and field names must be.
   *
   * @param text the text to look at
   * @return true when it is not empty and all of its characters are token characters
   */
  public static boolean isToken(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 128 || !TOKEN[c]) return false;
    }
    return length > 0;
  }

  /**
   * Checks a field name.
   *
   * @param name the name
   * @return {@code name}, unchanged
   * @throws IllegalArgumentException if it is no token, with the offending name, escaped
   */
  public static String requireName(String name) {
    if (!isToken(Objects.requireNonNull(name, "name"))) {
      throw new IllegalArgumentException(
          "field name must be a token (RFC 9110 section 5.1), but was '" + escape(name) + "'");
    }
    return name;
  }

  /**
   * Checks a field value: visible ASCII, space, tab and octets from 0x80 (as characters up to
   * 0xFF); no CR, LF, NUL or other control character; no white space at either end.
   *
   * @param name the field's name, for the message (the value never appears in it, as it may be a
   *     secret)
   * @param value the value; may be empty
   * @return {@code value}, unchanged
   * @throws IllegalArgumentException if it is no legal value, with position and code point of the
   *     fault
   */
  public static String requireValue(String name, String value) {
    int length = Objects.requireNonNull(value, "value").length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException(
            String.format(
                "value of field '%s' must not contain U+%04X (at index %d): "
                    + "expected visible characters up to U+00FF, space and tab (RFC 9110 section 5.5)",
                name, (int) c, i));
      }
    }
    if (length > 0 && (isBlank(value.charAt(0)) || isBlank(value.charAt(length - 1)))) {
      throw new IllegalArgumentException(
          "value of field '" + name + "' must not begin or end with white space");
    }
    return value;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static String escape(String text) {
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
