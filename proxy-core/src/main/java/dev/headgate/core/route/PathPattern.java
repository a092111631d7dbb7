package dev.headgate.core.route;

import dev.headgate.core.http.RequestTarget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern, taken apart into segments.
 *
 * @param text the pattern as written
 * @param segments the segments before the rest
 * @param rest whether anything may follow, or nothing
 * @param restName the name of the rest; null where it has none
 */
record PathPattern(String text, List<Segment> segments, boolean rest, @Nullable String restName) {
  /** The path of {@code OPTIONS *}, which only a pattern for all paths matches. */
  static final String ASTERISK = "*";

  /**
   * One segment.
   *
   * @param variable whether it stands for any text but none
   * @param text the literal text, or the variable's name
   */
  record Segment(boolean variable, String text) {
    @Override
    public String toString() {
      return variable ? "{" + text + "}" : text;
    }
  }

  static PathPattern parse(String text) {
    if (!text.startsWith("/")) throw bad(text, "it must begin with '/'");
    String[] parts = text.substring(1).split("/", -1);
    List<Segment> segments = new ArrayList<>(parts.length);
    Set<String> names = new HashSet<>();
    boolean rest = false;
    String restName = null;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      boolean last = i == parts.length - 1;
      if (part.equals("**") || (part.startsWith("{") && part.endsWith("...}"))) {
        if (!last) throw bad(text, "'" + part + "' may stand only at the end");
        rest = true;
        if (!part.equals("**")) restName = name(text, part.substring(1, part.length() - 4), names);
      } else if (part.startsWith("{") && part.endsWith("}")) {
        segments.add(new Segment(true, name(text, part.substring(1, part.length() - 1), names)));
      } else {
        segments.add(new Segment(false, literal(text, part)));
      }
    }
    return new PathPattern(text, List.copyOf(segments), rest, restName);
  }

  /** Whether a match has values of its own. */
  boolean hasVariables() {
    return restName != null || segments.stream().anyMatch(Segment::variable);
  }

  boolean matches(String path) {
    if (path.equals(ASTERISK)) return rest && segments.isEmpty();
    if (!path.startsWith("/")) return false;
    int start = 1;
    for (int i = 0; i < segments.size(); i++) {
      if (start > path.length()) return false;
      Segment segment = segments.get(i);
      int end = segmentEnd(path, start);
      boolean fits =
          segment.variable
              ? end > start
              : end - start == segment.text.length() && path.startsWith(segment.text, start);
      if (!fits) return false;
      start = end + 1;
    }
    return rest || start > path.length();
  }

  /** The values of the variables in a path that matches. */
  Map<String, String> variables(String path) {
    Map<String, String> values = new LinkedHashMap<>();
    int start = 1;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      int end = segmentEnd(path, start);
      if (segment.variable) values.put(segment.text, path.substring(start, end));
      start = end + 1;
    }
    if (restName != null) {
      values.put(restName, start > path.length() ? "" : path.substring(start));
    }
    return values;
  }

  /** The pattern without the names of its variables: equal shapes match the same paths. */
  String shape() {
    StringBuilder out = new StringBuilder();
    for (Segment segment : segments) out.append('/').append(segment.variable ? "{}" : segment.text);
    return rest ? out.append("/**").toString() : out.toString();
  }

  /** The order of specificity, segment by segment; zero only for equal shapes. */
  int compare(PathPattern other) {
    int common = Math.min(segments.size(), other.segments.size());
    for (int i = 0; i < common; i++) {
      Segment mine = segments.get(i);
      Segment theirs = other.segments.get(i);
      int result = Boolean.compare(mine.variable, theirs.variable);
      if (result == 0 && !mine.variable) result = mine.text.compareTo(theirs.text);
      if (result != 0) return result;
    }
    return Integer.compare(rank(common), other.rank(common));
  }

  static int segmentEnd(String path, int start) {
    int end = path.indexOf('/', start);
    return end < 0 ? path.length() : end;
  }

  /** What stands at a position: a literal, the end, a variable, the rest. */
  private int rank(int position) {
    if (position == segments.size()) return rest ? 3 : 1;
    return segments.get(position).variable ? 2 : 0;
  }

  private static String literal(String pattern, String part) {
    if (part.indexOf('*') >= 0) {
      throw bad(pattern, "'*' may stand only in '/**' at the end (a literal one is written %2A)");
    }
    if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
      throw bad(pattern, "a variable must be a whole segment, as in /users/{id}");
    }
    if (part.equals(".") || part.equals("..")) throw bad(pattern, "it must not have dot segments");
    String normal;
    try {
      normal = RequestTarget.normalisePath("/" + part).substring(1);
    } catch (IllegalArgumentException e) {
      throw bad(pattern, "segment '" + part + "': " + e.getMessage());
    }
    if (normal.isEmpty() && !part.isEmpty()) throw bad(pattern, "it must not have dot segments");
    return normal;
  }

  private static String name(String pattern, String name, Set<String> names) {
    boolean legal = !name.isEmpty() && !(name.charAt(0) >= '0' && name.charAt(0) <= '9');
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      legal &= c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }
    if (!legal) {
      throw bad(
          pattern, "variable '" + name + "' must be of letters, digits and '_', not a digit first");
    }
    if (!names.add(name)) throw bad(pattern, "variable '" + name + "' must not come twice");
    return name;
  }

  private static IllegalArgumentException bad(String pattern, String expected) {
    return new IllegalArgumentException("path '" + pattern + "': " + expected);
  }
}
