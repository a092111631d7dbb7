package dev.headgate.plugins.logging;

import dev.headgate.api.http.Headers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what is logged, and makes the rest safe for one line. In doubt it masks too
 * much. Immutable.
 */
final class Masking {
  /** What stands in place of a secret. */
  static final String MASK = "***";

  /** How much of all the fields of a message is kept, in characters. */
  static final int MAX_HEADERS_LENGTH = 8192;

  private static final String ENCODED_EQUALS = "%3D";

  private final SecretNames names;

  Masking(SecretNames names) {
    this.names = names;
  }

  /**
   * Renders fields.
   *
   * @return values by name in lower case; those of several lines joined by a comma
   */
  Map<String, String> headers(Headers headers) {
    Map<String, String> out = new LinkedHashMap<>();
    int left = MAX_HEADERS_LENGTH;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = SafeText.of(headers.name(i).toLowerCase(Locale.ROOT));
      String value = names.header(name) ? MASK : text(headers.value(i));
      left -= name.length() + value.length();
      if (left < 0) {
        out.put("...", (n - i) + " more");
        break;
      }
      out.merge(name, value, (first, second) -> first + ", " + second);
    }
    return out;
  }

  /** Renders the query of a request, without its question mark. */
  String query(String query) {
    return SafeText.of(userInfo(parameters(query, true)));
  }

  /** Renders a host with an optional port. */
  String authority(String authority) {
    int at = authority.lastIndexOf('@');
    return SafeText.of(at < 0 ? authority : MASK + authority.substring(at));
  }

  /** Renders any text: a path, a field's value, the message of an exception. */
  String text(String text) {
    return SafeText.of(userInfo(parameters(text, false)));
  }

  /** Masks the value of each {@code name=value} whose name is that of a secret. */
  private String parameters(String text, boolean query) {
    int equals = nextEquals(text, 0);
    if (equals < 0) return text;
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    while (equals >= 0) {
      int next = equals + (text.charAt(equals) == '=' ? 1 : ENCODED_EQUALS.length());
      int start = nameStart(text, copied, equals);
      boolean inQuery = query || (start > 0 && "?&".indexOf(text.charAt(start - 1)) >= 0);
      if (names.parameter(text.substring(start, equals), inQuery)) {
        int end = query ? end(text, next, "&") : plainEnd(text, next);
        if (end > next) {
          out.append(text, copied, next).append(MASK);
          copied = end;
          next = end;
        }
      }
      equals = nextEquals(text, next);
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** An encoded one counts too: it may belong to a URI inside a parameter. */
  private static int nextEquals(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean encoded = c == '%' && text.regionMatches(true, i, ENCODED_EQUALS, 0, 3);
      if (c == '=' || encoded) return i;
    }
    return -1;
  }

  private static int nameStart(String text, int from, int equals) {
    int start = equals;
    while (start > from && isNameCharacter(text.charAt(start - 1))) start--;
    return start;
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || "_-.%+[]$~:".indexOf(c) >= 0;
  }

  /** In plain text a value may be quoted, and ends with the URI or word that it is part of. */
  private static int plainEnd(String text, int from) {
    boolean quoted = from < text.length() && text.charAt(from) == '"';
    return quoted
        ? Math.min(end(text, from + 1, "\"") + 1, text.length())
        : end(text, from, "&#\"<> \t\r\n");
  }

  private static int end(String text, int from, String stops) {
    int end = from;
    while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) end++;
    return end;
  }

  /** Masks {@code user:password@} wherever an authority may begin. */
  private static String userInfo(String text) {
    int at = text.indexOf('@');
    if (at < 0) return text;
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (int slashes = text.indexOf("//"); slashes >= 0; slashes = text.indexOf("//", copied)) {
      int start = slashes + 2;
      int end = end(text, start, "/?#\"<> \t\r\n");
      int last = text.lastIndexOf('@', end - 1);
      out.append(text, copied, start);
      copied = start;
      if (last >= start) {
        out.append(MASK);
        copied = last;
      }
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** Makes an exception fit to be logged with its stack; null stays null. */
  @Nullable Throwable cause(@Nullable Throwable cause) {
    return cause == null ? null : SafeThrowable.of(cause, this);
  }
}
