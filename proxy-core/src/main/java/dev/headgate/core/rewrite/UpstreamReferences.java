package dev.headgate.core.rewrite;

import dev.headgate.api.Target;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites {@code Location}, {@code Content-Location} and the scope of {@code Set-Cookie} in a
 * response so that they lead through the proxy again.
 *
 * <p>Only references to the target itself are rewritten, below what the route maps: URLs with the
 * target's scheme and its authority, or the Host that it was sent, and paths that begin with {@code
 * /}. All others stay as they came: those to other hosts, with user names, with dot segments,
 * relative to the request's own path, or outside of the base path. Nothing is decoded or encoded.
 * {@code Refresh} and {@code Link} are left alone, and so is the body.
 *
 * <p>Immutable, for any thread. Costs one look at the names where there is none of these fields.
 */
public final class UpstreamReferences {
  private final Target target;
  private final String authority;
  private final PathMapping paths;

  /**
   * Makes the rules of a route.
   *
   * @param target where its requests go
   * @param paths how its paths are mapped
   */
  public UpstreamReferences(Target target, PathMapping paths) {
    this.target = target;
    this.authority = target.authority();
    this.paths = paths;
  }

  /**
   * Rewrites what is to be rewritten.
   *
   * @param headers the response's fields
   * @param sentHost the Host that the upstream was sent
   * @param clientScheme the scheme that the client used
   * @param clientAuthority the authority that the client asked for; empty where it gave none
   */
  public void rewrite(
      HeaderList headers, String sentHost, String clientScheme, String clientAuthority) {
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      String value = headers.value(i);
      String rewritten = value;
      switch (name.length()) {
        case 8, 16 -> {
          if (name.equalsIgnoreCase("Location") || name.equalsIgnoreCase("Content-Location")) {
            rewritten = reference(value, sentHost, clientScheme, clientAuthority);
          }
        }
        case 10 -> {
          if (name.equalsIgnoreCase("Set-Cookie")) {
            rewritten = CookieScope.rewrite(value, target.address().host(), clientAuthority, paths);
          }
        }
        default -> {
          continue;
        }
      }
      if (!rewritten.equals(value)) headers.value(i, rewritten);
    }
  }

  /** Returns the reference as the client may follow it; the same text where it stays. */
  String reference(String text, String sentHost, String clientScheme, String clientAuthority) {
    int pathStart = ownPathStart(text, sentHost);
    if (pathStart < 0) return text;
    int end = pathStart;
    while (end < text.length() && "?#".indexOf(text.charAt(end)) < 0) end++;
    String path = end == pathStart ? "/" : text.substring(pathStart, end);
    if (!isPlain(path)) return text;
    String mapped = paths.toClient(path);
    if (mapped == null) return text;
    boolean absolute = pathStart > 0;
    // A path that begins with two slashes would be read as another host.
    boolean ambiguous = mapped.startsWith("//");
    if (!absolute && !ambiguous) {
      return mapped.equals(path) ? text : mapped + text.substring(end);
    }
    if (clientAuthority.isEmpty()) return text;
    return clientScheme + "://" + clientAuthority + mapped + text.substring(end);
  }

  /** Where the path begins in a reference to the target; −1 where it is none. */
  private int ownPathStart(String text, String sentHost) {
    if (text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/\\")) return 0;
    int start;
    if (text.startsWith("//")) {
      start = 2;
    } else {
      String scheme = target.scheme();
      if (!text.regionMatches(true, 0, scheme, 0, scheme.length())
          || !text.startsWith("://", scheme.length())) {
        return -1;
      }
      start = scheme.length() + 3;
    }
    int end = start;
    while (end < text.length() && "/?#\\".indexOf(text.charAt(end)) < 0) end++;
    String named = authority(text.substring(start, end));
    if (named == null) return -1;
    return named.equals(authority) || named.equals(authority(sentHost)) ? end : -1;
  }

  /** An authority in one form, without the scheme's own port; null where it is malformed. */
  private @Nullable String authority(String text) {
    try {
      String normal = RequestTarget.normaliseAuthority(text);
      String port = target.secure() ? ":443" : ":80";
      return normal.endsWith(port) && !normal.endsWith("]")
          ? normal.substring(0, normal.length() - port.length())
          : normal;
    } catch (BadTargetException e) {
      return null;
    }
  }

  /** Whether all readers take a path as it stands: no dot segments, nothing that some drop. */
  private static boolean isPlain(String path) {
    for (int i = path.indexOf("/."); i >= 0; i = path.indexOf("/.", i + 1)) {
      int after = i + 2;
      if (after < path.length() && path.charAt(after) == '.') after++;
      if (after == path.length() || path.charAt(after) == '/') return false;
    }
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) <= ' ' || path.charAt(i) == '\\') return false;
    }
    return !path.contains("%2e") && !path.contains("%2E");
  }
}
