package dev.headgate.core.error;

import java.util.LinkedHashMap;
import java.util.Map;

/** A strict parser of one JSON object of strings and whole numbers, for tests. */
final class TinyJson {
  private final String text;
  private int at;

  private TinyJson(String text) {
    this.text = text;
  }

  static Map<String, Object> parse(String text) {
    TinyJson parser = new TinyJson(text);
    Map<String, Object> members = new LinkedHashMap<>();
    parser.expect('{');
    do {
      String name = parser.string();
      parser.expect(':');
      Object value = parser.text.charAt(parser.at) == '"' ? parser.string() : parser.number();
      if (members.put(name, value) != null) throw new IllegalArgumentException("twice: " + name);
    } while (parser.take(','));
    parser.expect('}');
    if (parser.at != text.length()) throw new IllegalArgumentException("more at " + parser.at);
    return members;
  }

  private Integer number() {
    int start = at;
    while (Character.isDigit(text.charAt(at))) at++;
    return Integer.valueOf(text.substring(start, at));
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (!take('"')) {
      char c = text.charAt(at++);
      if (c < ' ') throw new IllegalArgumentException("control character at " + at);
      out.append(c == '\\' ? escape() : c);
    }
    return out.toString();
  }

  private char escape() {
    char c = text.charAt(at++);
    if (c == '"' || c == '\\') return c;
    if (c != 'u') throw new IllegalArgumentException("escape at " + at);
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private boolean take(char c) {
    boolean found = text.charAt(at) == c;
    if (found) at++;
    return found;
  }

  private void expect(char c) {
    if (!take(c)) throw new IllegalArgumentException("no '" + c + "' at " + at + " in " + text);
  }
}
