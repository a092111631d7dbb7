package dev.headgate.core.rewrite;

import java.util.Locale;

/**
 * The attributes of {@code Set-Cookie} that say where a cookie is sent (RFC 6265 section 5.2).
 * Stateless.
 *
 * <p>A Domain that covers the upstream but not the client's host is dropped: the client would
 * refuse the cookie; without it the cookie is for the host that was asked. A Path is mapped like
 * that of a reference. Name, value and all else stay as they came.
 */
final class CookieScope {
  private CookieScope() {}

  static String rewrite(
      String cookie, String upstreamHost, String clientAuthority, PathMapping paths) {
    int end = cookie.indexOf(';');
    if (end < 0) return cookie;
    StringBuilder out = new StringBuilder(cookie.length()).append(cookie, 0, end);
    boolean changed = false;
    while (end < cookie.length()) {
      int start = end;
      end = cookie.indexOf(';', start + 1);
      if (end < 0) end = cookie.length();
      int equals = cookie.indexOf('=', start);
      if (equals > 0 && equals < end) {
        String name = cookie.substring(start + 1, equals).trim();
        String value = cookie.substring(equals + 1, end).trim();
        if (name.equalsIgnoreCase("Domain") && foreign(value, upstreamHost, clientAuthority)) {
          changed = true;
          continue;
        }
        if (name.equalsIgnoreCase("Path") && value.startsWith("/")) {
          String mapped = directory(value, paths);
          if (!mapped.equals(value)) {
            out.append(cookie, start, equals + 1).append(mapped);
            changed = true;
            continue;
          }
        }
      }
      out.append(cookie, start, end);
    }
    return changed ? out.toString() : cookie;
  }

  private static boolean foreign(String domain, String upstreamHost, String clientAuthority) {
    String name = domain.startsWith(".") ? domain.substring(1) : domain;
    if (name.isEmpty()) return false;
    String lower = name.toLowerCase(Locale.ROOT);
    int colon = clientAuthority.lastIndexOf(':');
    boolean port = colon > clientAuthority.lastIndexOf(']');
    String clientHost = port ? clientAuthority.substring(0, colon) : clientAuthority;
    return covers(lower, upstreamHost) && !covers(lower, clientHost);
  }

  private static boolean covers(String domain, String host) {
    return host.equals(domain)
        || (host.endsWith(domain) && host.charAt(host.length() - domain.length() - 1) == '.');
  }

  /** The root of the upstream is the whole of what the client sees of it, not its root alone. */
  private static String directory(String path, PathMapping paths) {
    String mapped = paths.toClient(path);
    if (mapped == null) return path;
    boolean root = path.equals("/") && mapped.length() > 1 && mapped.endsWith("/");
    return root ? mapped.substring(0, mapped.length() - 1) : mapped;
  }
}
