package dev.headgate.core.route;

import dev.headgate.core.rewrite.PathMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the variables of one path into another, and back where all of them are there. Immutable. */
final class TemplateMapping implements PathMapping {
  private final PathPattern from;
  private final PathPattern to;
  private final String basePath;
  private final boolean invertible;

  TemplateMapping(PathPattern from, PathPattern to, String basePath) {
    this.from = from;
    this.to = to;
    this.basePath = basePath;
    this.invertible =
        variables(from) == variables(to) && Objects.equals(from.restName(), to.restName());
  }

  private static long variables(PathPattern pattern) {
    return pattern.segments().stream().filter(PathPattern.Segment::variable).count();
  }

  @Override
  public String toUpstream(String clientPath) {
    return basePath + substitute(from, to, clientPath);
  }

  @Override
  public @Nullable String toClient(String upstreamPath) {
    if (!invertible || !upstreamPath.startsWith(basePath)) return null;
    String path = upstreamPath.substring(basePath.length());
    return to.matches(path) ? substitute(to, from, path) : null;
  }

  private static String substitute(PathPattern source, PathPattern template, String path) {
    Map<String, String> values = new HashMap<>();
    int start = 1;
    for (PathPattern.Segment segment : source.segments()) {
      int end = PathPattern.segmentEnd(path, start);
      if (segment.variable()) values.put(segment.text(), path.substring(start, end));
      start = end + 1;
    }
    StringBuilder out = new StringBuilder(path.length() + 16);
    List<PathPattern.Segment> segments = template.segments();
    for (int i = 0; i < segments.size(); i++) {
      PathPattern.Segment segment = segments.get(i);
      out.append('/');
      out.append(segment.variable() ? values.get(segment.text()) : segment.text());
    }
    // With the slash before it, so that /a and /a/ stay two paths.
    if (template.rest() && start - 1 < path.length()) out.append(path, start - 1, path.length());
    return out.isEmpty() ? "/" : out.toString();
  }
}
