package dev.headgate.core.error;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A strict parser of one item with parameters (RFC 9651 §4.2), for tests.
 *
 * @param item the token or string
 * @param token whether it is a token
 * @param parameters the parameters, tokens and strings alike
 */
record TinyStructured(String item, boolean token, Map<String, String> parameters) {
  static TinyStructured parse(String text) {
    Cursor cursor = new Cursor(text);
    boolean token = text.charAt(0) != '"';
    String item = cursor.item();
    Map<String, String> parameters = new LinkedHashMap<>();
    while (cursor.at < text.length()) {
      if (text.charAt(cursor.at++) != ';') throw new IllegalArgumentException(text);
      while (text.charAt(cursor.at) == ' ') cursor.at++;
      int equals = text.indexOf('=', cursor.at);
      String key = text.substring(cursor.at, equals);
      if (!key.matches("[a-z*][a-z0-9_.*-]*")) throw new IllegalArgumentException(text);
      cursor.at = equals + 1;
      parameters.put(key, cursor.item());
    }
    return new TinyStructured(item, token, parameters);
  }

  private static final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
      this.text = text;
    }

    String item() {
      return text.charAt(at) == '"' ? string() : token();
    }

    private String token() {
      int end = at;
      while (end < text.length() && ";, =\"".indexOf(text.charAt(end)) < 0) end++;
      String token = text.substring(at, end);
      if (!token.matches("[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")) {
        throw new IllegalArgumentException(text);
      }
      at = end;
      return token;
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        char c = text.charAt(at);
        if (c < ' ' || c > '~') throw new IllegalArgumentException(text);
        if (c == '\\') {
          c = text.charAt(++at);
          if (c != '"' && c != '\\') throw new IllegalArgumentException(text);
        }
        out.append(c);
      }
      at++;
      return out.toString();
    }
  }
}
