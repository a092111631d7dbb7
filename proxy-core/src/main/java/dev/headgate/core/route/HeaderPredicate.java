package dev.headgate.core.route;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.api.http.Headers;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a route asks of one field. A field on several lines fits when one of its lines does. */
record HeaderPredicate(Kind kind, String name, String value, Pattern pattern) {
  private static final Pattern ANY = Pattern.compile(".*");

  enum Kind {
    PRESENT,
    EQUALS,
    MATCHES
  }

  static HeaderPredicate present(String name) {
    return new HeaderPredicate(Kind.PRESENT, checkedName(name), "", ANY);
  }

  static HeaderPredicate equalTo(String name, String value) {
    FieldSyntax.requireValue(name, value);
    return new HeaderPredicate(Kind.EQUALS, checkedName(name), value, ANY);
  }

  static HeaderPredicate matching(String name, String regex) {
    try {
      return new HeaderPredicate(Kind.MATCHES, checkedName(name), regex, Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "header '"
              + name
              + "' must match a regular expression, but got '"
              + regex
              + "': "
              + e.getDescription(),
          e);
    }
  }

  boolean fits(Headers headers) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      if (headers.name(i).equalsIgnoreCase(name) && fitsValue(headers.value(i))) return true;
    }
    return false;
  }

  /** Whether two predicates ask the same; patterns are compared by their text. */
  boolean same(HeaderPredicate other) {
    return kind == other.kind && name.equals(other.name) && value.equals(other.value);
  }

  /** Names the field and the kind, never the value, which may be a secret. */
  @Override
  public String toString() {
    return name + " " + kind.name().toLowerCase(Locale.ROOT);
  }

  private boolean fitsValue(String actual) {
    return switch (kind) {
      case PRESENT -> true;
      case EQUALS -> actual.equals(value);
      case MATCHES -> pattern.matcher(actual).matches();
    };
  }

  private static String checkedName(String name) {
    return FieldSyntax.requireName(name).toLowerCase(Locale.ROOT);
  }
}
