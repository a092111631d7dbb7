package dev.headgate.core.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Writes a target in the characters that {@link URI} accepts. Without state. */
final class UriText {
  private static final String PATH_REFUSED = "|{}[]";
  private static final String QUERY_REFUSED = "\"<>\\^`{|}";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UriText() {}

  static URI uri(String scheme, String authority, String path, @Nullable String query) {
    StringBuilder out =
        new StringBuilder(scheme.length() + authority.length() + path.length() + 16);
    out.append(scheme).append("://").append(authority);
    if (path.startsWith("/")) {
      encode(path, PATH_REFUSED, out);
    } else if (authority.isEmpty()) {
      out.append('/');
    }
    if (query != null) encode(query, QUERY_REFUSED, out.append('?'));
    return URI.create(out.toString());
  }

  private static void encode(String text, String refused, StringBuilder out) {
    for (int i = 0, n = text.length(); i < n; i++) {
      char c = text.charAt(i);
      if (refused.indexOf(c) >= 0 || (c == '%' && !isEscape(text, i))) {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      } else {
        out.append(c);
      }
    }
  }

  private static boolean isEscape(String text, int i) {
    return i + 2 < text.length()
        && PathNormaliser.hex(text.charAt(i + 1)) >= 0
        && PathNormaliser.hex(text.charAt(i + 2)) >= 0;
  }
}
