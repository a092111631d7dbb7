package dev.headgate.plugins.auth;

import java.util.Collection;
import java.util.Optional;

/** Decides which paths are meant, by whole segments. Immutable; allocates nothing when asked. */
final class PathPrefixes {
  /** Without a slash at the end, so that the prefix of every absolute path is empty. */
  private final String[] prefixes;

  private final boolean all;

  /** With no prefix at all every path is meant, {@code *} too. */
  PathPrefixes(Collection<String> prefixes) {
    this.prefixes =
        prefixes.stream()
            .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
            .toArray(String[]::new);
    this.all = prefixes.isEmpty();
  }

  /** Returns what is wrong with a prefix, if anything is. */
  static Optional<String> check(String path) {
    boolean legal = path.startsWith("/");
    for (int i = 0; legal && i < path.length(); i++) {
      char c = path.charAt(i);
      legal = c > ' ' && c < 0x7f && "*?#\\".indexOf(c) < 0;
    }
    return legal
        ? Optional.empty()
        : Optional.of(
            "path must be a prefix that begins with '/', without '*', '?', '#' or blanks,"
                + " but was '"
                + CookieSyntax.printable(path)
                + "'");
  }

  boolean include(String path) {
    if (all) return true;
    for (String prefix : prefixes) {
      if (path.startsWith(prefix)
          && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
        return true;
      }
    }
    return false;
  }
}
