package dev.headgate.core.route;

import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.rewrite.PathMapping;
import dev.headgate.core.rewrite.PrefixMapping;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which path an upstream is asked for in place of the one that matched. A target's base path goes
 * before it. Mistakes are kept until the route is built. Immutable.
 *
 * <p>All of it works on the one reading of the path that was matched (RFC 3986 section 6.2.2):
 * nothing is decoded or encoded, and empty segments stay. The same rule read backwards maps {@code
 * Location}, {@code Content-Location} and the Path of cookies to what the client may ask for.
 */
public abstract sealed class PathRewrite {
  private PathRewrite() {}

  /**
   * Takes a prefix off: {@code /api/users} becomes {@code /users}, and {@code /api} becomes {@code
   * /}.
   *
   * @param prefix whole segments with which every path of the route begins, such as {@code /api}
   * @return the rule
   */
  public static PathRewrite stripPrefix(String prefix) {
    return new Prefix("stripped prefix", prefix, "");
  }

  /**
   * Puts a prefix before the path.
   *
   * @param prefix whole segments, such as {@code /v2}
   * @return the rule
   */
  public static PathRewrite addPrefix(String prefix) {
    return new Prefix("added prefix", "", prefix);
  }

  /**
   * Puts one prefix in place of another.
   *
   * @param prefix whole segments with which every path of the route begins
   * @param replacement whole segments
   * @return the rule
   */
  public static PathRewrite replacePrefix(String prefix, String replacement) {
    return new Prefix("replaced prefix", prefix, replacement);
  }

  /**
   * Makes the path of a template with variables of the route's pattern: {@code /users/{id}} and
   * {@code /v2/people/{id}}, or {@code /files/{rest...}} and {@code /archive/{rest...}}. The way
   * back is known only if the template has all variables of the pattern.
   *
   * @param template a path pattern without {@code **}
   * @return the rule
   */
  public static PathRewrite template(String template) {
    return new Template(template);
  }

  /**
   * The mapping of a route to a target with a base path; null, with a mistake, where there is none.
   */
  abstract @Nullable PathMapping mapping(
      PathPattern pattern, String basePath, List<String> mistakes);

  /** One prefix in place of another; either may be empty. */
  private static final class Prefix extends PathRewrite {
    private final String what;
    private final String from;
    private final String to;

    Prefix(String what, String from, String to) {
      this.what = what;
      this.from = Objects.requireNonNull(from, "prefix");
      this.to = Objects.requireNonNull(to, "prefix");
    }

    @Override
    @Nullable PathMapping mapping(PathPattern pattern, String basePath, List<String> mistakes) {
      String normalFrom = from.isEmpty() && what.startsWith("added") ? "" : normal(from, mistakes);
      String normalTo = to.isEmpty() && what.startsWith("stripped") ? "" : normal(to, mistakes);
      if (normalFrom == null || normalTo == null) return null;
      if (!begins(pattern, normalFrom)) {
        mistakes.add(
            what
                + " must be what every path of the route begins with, but was '"
                + from
                + "' in a route of '"
                + pattern.text()
                + "'");
        return null;
      }
      return new PrefixMapping(normalFrom, basePath + normalTo);
    }

    private @Nullable String normal(String prefix, List<String> mistakes) {
      String expected = " must be whole segments such as /api, but was '" + prefix + "'";
      if (!prefix.startsWith("/") || prefix.endsWith("/")) {
        mistakes.add(what + expected);
        return null;
      }
      try {
        return RequestTarget.normalisePath(prefix);
      } catch (IllegalArgumentException e) {
        mistakes.add(what + expected + ": " + e.getMessage());
        return null;
      }
    }

    private static boolean begins(PathPattern pattern, String prefix) {
      StringBuilder literal = new StringBuilder();
      for (PathPattern.Segment segment : pattern.segments()) {
        if (segment.variable()) break;
        literal.append('/').append(segment.text());
      }
      return literal.append('/').indexOf(prefix + "/") == 0;
    }
  }

  /** A path with variables of the route's pattern. */
  private static final class Template extends PathRewrite {
    private final String template;

    Template(String template) {
      this.template = Objects.requireNonNull(template, "template");
    }

    @Override
    @Nullable PathMapping mapping(PathPattern pattern, String basePath, List<String> mistakes) {
      PathPattern to;
      try {
        to = PathPattern.parse(template);
      } catch (IllegalArgumentException e) {
        mistakes.add("template " + e.getMessage());
        return null;
      }
      int before = mistakes.size();
      if (to.rest() && to.restName() == null) {
        mistakes.add("template must name its rest, as in /a/{rest...}, but was '" + template + "'");
      }
      if (pattern.rest() && !Objects.equals(pattern.restName(), to.restName())) {
        mistakes.add(
            "template must end with the rest of '"
                + pattern.text()
                + "', which needs a name as in /a/{rest...}, but was '"
                + template
                + "'");
      } else if (!pattern.rest() && to.rest()) {
        unknown(to.restName(), pattern, mistakes);
      }
      Set<String> known = names(pattern);
      for (String name : names(to)) {
        if (!known.contains(name)) unknown(name, pattern, mistakes);
      }
      return mistakes.size() == before ? new TemplateMapping(pattern, to, basePath) : null;
    }

    private void unknown(@Nullable String name, PathPattern pattern, List<String> mistakes) {
      mistakes.add(
          "template must have only variables of '"
              + pattern.text()
              + "', but '"
              + template
              + "' has '"
              + name
              + "'");
    }

    private static Set<String> names(PathPattern pattern) {
      Set<String> names = new LinkedHashSet<>();
      for (PathPattern.Segment segment : pattern.segments()) {
        if (segment.variable()) names.add(segment.text());
      }
      return names;
    }
  }
}
