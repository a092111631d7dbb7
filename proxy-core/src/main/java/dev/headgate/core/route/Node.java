package dev.headgate.core.route;

import dev.headgate.api.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the trie over path segments, one trie for each host pattern. Immutable once made.
 *
 * <p>A search tries the literal child, then the variable, then the rest, and comes back where all
 * routes below refuse the method or a field. A node is visited once at most, so a search costs no
 * more than the trie has nodes, and it allocates nothing.
 */
final class Node {
  private static final Entry[] NONE = {};

  /** Routes whose pattern ends here, and those whose rest begins here; in order. */
  private final Entry[] ends;

  private final Entry[] rests;
  private final @Nullable Node variable;

  /** Literal children in a hash table with open addressing; its length is a power of two. */
  private final @Nullable String[] names;

  private final @Nullable Node[] children;

  /** Makes the trie of ordered entries that agree in their first {@code depth} segments. */
  Node(List<Entry> entries, int depth) {
    List<Entry> endsHere = new ArrayList<>();
    List<Entry> restsHere = new ArrayList<>();
    List<Entry> variables = new ArrayList<>();
    Map<String, List<Entry>> literals = new LinkedHashMap<>();
    for (Entry entry : entries) {
      PathPattern pattern = entry.route.pattern();
      if (pattern.segments().size() == depth) {
        (pattern.rest() ? restsHere : endsHere).add(entry);
      } else if (pattern.segments().get(depth).variable()) {
        variables.add(entry);
      } else {
        String text = pattern.segments().get(depth).text();
        literals.computeIfAbsent(text, key -> new ArrayList<>()).add(entry);
      }
    }
    this.ends = endsHere.toArray(NONE);
    this.rests = restsHere.toArray(NONE);
    this.variable = variables.isEmpty() ? null : new Node(variables, depth + 1);
    int capacity = Math.max(2, Integer.highestOneBit(literals.size()) * 4);
    this.names = new @Nullable String[capacity];
    this.children = new @Nullable Node[capacity];
    literals.forEach((name, below) -> put(names, children, name, new Node(below, depth + 1)));
  }

  /**
   * Finds the first entry below that matches.
   *
   * @param path the path
   * @param start where the next segment begins; beyond the path's end when there is none
   */
  @Nullable Entry find(String path, int start, String method, Headers headers) {
    if (start > path.length()) {
      Entry found = first(ends, method, headers);
      return found != null ? found : first(rests, method, headers);
    }
    int end = PathPattern.segmentEnd(path, start);
    Node literal = child(path, start, end);
    if (literal != null) {
      Entry found = literal.find(path, end + 1, method, headers);
      if (found != null) return found;
    }
    if (variable != null && end > start) {
      Entry found = variable.find(path, end + 1, method, headers);
      if (found != null) return found;
    }
    return first(rests, method, headers);
  }

  /** Finds the first entry of a pattern for all paths, which alone match {@code OPTIONS *}. */
  @Nullable Entry findRest(String method, Headers headers) {
    return first(rests, method, headers);
  }

  private static @Nullable Entry first(Entry[] entries, String method, Headers headers) {
    for (Entry entry : entries) {
      if (entry.accepts(method, headers)) return entry;
    }
    return null;
  }

  private @Nullable Node child(String path, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) hash = 31 * hash + path.charAt(i);
    int mask = names.length - 1;
    for (int i = slot(hash, mask); ; i = (i + 1) & mask) {
      String name = names[i];
      if (name == null) return null;
      if (name.length() == end - start && path.startsWith(name, start)) return children[i];
    }
  }

  private static void put(
      @Nullable String[] names, @Nullable Node[] children, String name, Node child) {
    int mask = names.length - 1;
    int i = slot(name.hashCode(), mask);
    while (names[i] != null) i = (i + 1) & mask;
    names[i] = name;
    children[i] = child;
  }

  private static int slot(int hash, int mask) {
    return (hash ^ hash >>> 16) & mask;
  }
}
