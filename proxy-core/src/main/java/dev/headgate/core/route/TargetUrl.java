package dev.headgate.core.route;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * A route's target.
 *
 * @param target where to connect to
 * @param authority what goes into Host
 * @param basePath what is put before paths: empty, or a normal path that does not end in {@code /}
 */
record TargetUrl(Target target, String authority, String basePath) {
  static TargetUrl parse(String url) {
    if (!url.regionMatches(true, 0, "http://", 0, 7)
        && !url.regionMatches(true, 0, "https://", 0, 8)) {
      throw bad(url, "it must begin with 'http://' or 'https://'", null);
    }
    RequestTarget parsed;
    try {
      parsed = RequestTarget.parseAbsolute(url);
    } catch (BadTargetException e) {
      throw bad(url, e.fault().detail(), e);
    }
    if (parsed.query() != null) throw bad(url, "it must not have a query", null);
    String base = parsed.path();
    int end = base.length();
    while (end > 0 && base.charAt(end - 1) == '/') end--;
    Target target = new Target(parsed.scheme(), new HostPort(parsed.host(), parsed.port()));
    return new TargetUrl(target, target.authority(), base.substring(0, end));
  }

  private static IllegalArgumentException bad(
      String url, String why, @Nullable BadTargetException cause) {
    return new IllegalArgumentException(
        "target must be an http or https URL without user name, query and fragment, but was '"
            + url.replaceFirst("//[^/?#]*@", "//(hidden)@").replaceFirst("\\?.*", "?(hidden)")
            + "': "
            + why,
        cause);
  }
}
