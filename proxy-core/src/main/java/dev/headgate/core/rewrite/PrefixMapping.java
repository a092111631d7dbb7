package dev.headgate.core.rewrite;

import org.jspecify.annotations.Nullable;

/**
 * Puts one prefix in place of another; both are whole segments, or empty.
 *
 * @param from what every client's path begins with: empty, or a normal path that does not end in
 *     {@code /}
 * @param to what is put in its place, of the same form
 */
public record PrefixMapping(String from, String to) implements PathMapping {
  @Override
  public String toUpstream(String clientPath) {
    return replace(clientPath, from, to);
  }

  @Override
  public @Nullable String toClient(String upstreamPath) {
    boolean below =
        upstreamPath.startsWith(to)
            && (upstreamPath.length() == to.length() || upstreamPath.charAt(to.length()) == '/');
    return below ? replace(upstreamPath, to, from) : null;
  }

  private static String replace(String path, String from, String to) {
    if (from.equals(to)) return path;
    String replaced = to + path.substring(from.length());
    return replaced.isEmpty() ? "/" : replaced;
  }
}
