package dev.headgate.core.route;

import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * A host or all hosts below one.
 *
 * @param kind what it matches
 * @param name the name in lower case, IPv6 without brackets; for a wildcard with its dot, as {@code
 *     .example.com}; empty for any
 */
record HostPattern(Kind kind, String name) {
  static final HostPattern ANY = new HostPattern(Kind.ANY, "");

  /** From most to least specific. */
  enum Kind {
    EXACT,
    WILDCARD,
    ANY
  }

  static HostPattern parse(String text) {
    boolean wildcard = text.startsWith("*.");
    String name = wildcard ? text.substring(2) : text;
    try {
      String normal = RequestTarget.normaliseAuthority(name);
      boolean literal = normal.startsWith("[");
      boolean port = normal.lastIndexOf(':') > normal.lastIndexOf(']');
      if (!port && !(wildcard && literal)) {
        return wildcard
            ? new HostPattern(Kind.WILDCARD, "." + normal)
            : new HostPattern(
                Kind.EXACT, literal ? normal.substring(1, normal.length() - 1) : normal);
      }
    } catch (BadTargetException e) {
      throw bad(text, e);
    }
    throw bad(text, null);
  }

  boolean matches(String host) {
    return switch (kind) {
      case EXACT -> host.equals(name);
      case WILDCARD -> host.length() > name.length() && host.endsWith(name);
      case ANY -> true;
    };
  }

  /** The order of specificity; zero only for equal patterns. */
  int compare(HostPattern other) {
    int result = kind.compareTo(other.kind);
    if (result == 0) result = Integer.compare(other.name.length(), name.length());
    return result != 0 ? result : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case EXACT -> name;
      case WILDCARD -> "*" + name;
      case ANY -> "(any)";
    };
  }

  private static IllegalArgumentException bad(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "host must be a name or an address without port, or '*.' and a name, but was '"
            + text
            + "'",
        cause);
  }
}
