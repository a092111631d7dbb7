package dev.headgate.core.route;

import dev.headgate.api.http.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request: the first, in one fixed order, whose host, path, method and fields
 * all match.
 *
 * <p>The order, most specific first. A later line counts only where all before it are level:
 *
 * <ol>
 *   <li>host: an exact one, then wildcards, the longer first, then any;
 *   <li>path, compared segment by segment from the left: a literal segment before the end of the
 *       pattern, before a variable, before a rest;
 *   <li>methods: fewer before more, before all;
 *   <li>fields: more of them before fewer;
 *   <li>registration: the earlier first.
 * </ol>
 *
 * <p>So a request that the most specific route refuses for its method or a field goes on to the
 * next that matches. Two routes between which registration alone would decide, with the same fields
 * asked for, are a mistake.
 *
 * <p>Immutable, for any thread. A search allocates only where the route has variables.
 */
public final class Router {
  private final List<Entry> entries;
  private final List<Route> routes;
  private final Map<String, Node> exact = new HashMap<>();
  private final String[] suffixes;
  private final Node[] wildcards;
  private final @Nullable Node any;

  private Router(List<Route> routes, List<Entry> entries) {
    this.routes = routes;
    this.entries = entries;
    Map<HostPattern, List<Entry>> byHost = new LinkedHashMap<>();
    for (Entry entry : entries) {
      byHost.computeIfAbsent(entry.host, key -> new ArrayList<>()).add(entry);
    }
    List<String> names = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    Node anyHost = null;
    for (Map.Entry<HostPattern, List<Entry>> host : byHost.entrySet()) {
      Node node = new Node(host.getValue(), 0);
      switch (host.getKey().kind()) {
        case EXACT -> exact.put(host.getKey().name(), node);
        case WILDCARD -> {
          names.add(host.getKey().name());
          nodes.add(node);
        }
        case ANY -> anyHost = node;
      }
    }
    this.suffixes = names.toArray(new String[0]);
    this.wildcards = nodes.toArray(new Node[0]);
    this.any = anyHost;
  }

  /**
   * Makes a router.
   *
   * @param routes the routes, in the order of their registration; may be empty
   * @return the router
   * @throws IllegalArgumentException with all {@link #mistakes}, one to a line
   */
  public static Router of(List<Route> routes) {
    List<String> mistakes = mistakes(routes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("bad routes:\n- " + String.join("\n- ", mistakes));
    }
    List<Route> unique = withUniqueIds(routes);
    return new Router(unique, ordered(unique));
  }

  /**
   * Returns what is wrong with routes, each by itself and together: bad values, ids that come
   * twice, routes between which only registration would decide.
   *
   * @param routes the routes
   * @return a sentence for each mistake, with the offending value and what was expected; empty for
   *     none
   */
  public static List<String> mistakes(List<Route> routes) {
    List<String> mistakes = new ArrayList<>();
    List<Route> sound = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Route route : routes) {
      for (String mistake : route.mistakes()) {
        mistakes.add("route '" + route.id() + "': " + mistake);
      }
      if (route.mistakes().isEmpty()) sound.add(route);
      if (route.idGiven() && !ids.add(route.id())) {
        mistakes.add("route '" + route.id() + "': id must be unique, but comes twice");
      }
    }
    Set<String> found = new HashSet<>();
    List<Entry> ordered = ordered(sound);
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = i + 1; j < ordered.size() && level(ordered.get(i), ordered.get(j)); j++) {
        String mistake = ambiguity(ordered.get(i), ordered.get(j));
        if (mistake != null && found.add(mistake)) mistakes.add(mistake);
      }
    }
    return List.copyOf(mistakes);
  }

  /**
   * Finds the route of a request.
   *
   * @param host the host without port, in lower case, IPv6 without brackets; empty for none. It is
   *     looked at only if {@link #usesHosts()}
   * @param path the normalised path, or {@code *}
   * @param method the method
   * @param headers the fields
   * @return the route, or null when none matches
   */
  public @Nullable RouteMatch match(String host, String path, String method, Headers headers) {
    Entry found = null;
    if (!exact.isEmpty()) found = search(exact.get(host), path, method, headers);
    for (int i = 0; found == null && i < wildcards.length; i++) {
      String suffix = suffixes[i];
      if (host.length() > suffix.length() && host.endsWith(suffix)) {
        found = search(wildcards[i], path, method, headers);
      }
    }
    if (found == null) found = search(any, path, method, headers);
    return found == null ? null : found.match(path);
  }

  /**
   * Returns the methods with which a request would match, for the {@code Allow} of a 405. Meant for
   * requests that do not match: slow, as all routes are looked at.
   *
   * @param host the host
   * @param path the normalised path, or {@code *}
   * @param headers the fields
   * @return the methods in alphabetical order; empty where nothing matches with any method, or all
   *     would do
   */
  public Set<String> allowedMethods(String host, String path, Headers headers) {
    Set<String> methods = new TreeSet<>();
    for (Entry entry : entries) {
      Route route = entry.route;
      if (entry.host.matches(host) && route.pattern().matches(path) && route.fits(headers)) {
        if (route.methods().isEmpty()) return Set.of();
        methods.addAll(route.methods());
      }
    }
    return Collections.unmodifiableSet(methods);
  }

  /**
   * Returns whether a route asks for a host: if not, {@link #match} may be given an empty one.
   *
   * @return whether the host matters
   */
  public boolean usesHosts() {
    return !exact.isEmpty() || wildcards.length > 0;
  }

  /**
   * Returns the routes with their final ids.
   *
   * @return the routes, in the order of their registration
   */
  public List<Route> routes() {
    return routes;
  }

  /**
   * Explains the order for people: what is tried first stands first.
   *
   * @return one line for each route and host, for example {@code 1. host (any) path /v1/** method
   *     GET -> id (https://api.example.com)}
   */
  public List<String> describe() {
    List<String> lines = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      Route route = entry.route;
      StringBuilder line = new StringBuilder().append(lines.size() + 1).append(". host ");
      line.append(entry.host).append(" path ").append(route.path()).append(" method ");
      line.append(
          route.methods().isEmpty() ? "(any)" : String.join(",", new TreeSet<>(route.methods())));
      if (!route.predicates().isEmpty()) line.append(" headers ").append(route.predicates());
      line.append(" -> ").append(route.id());
      lines.add(line.append(" (").append(route.leadsTo()).append(')').toString());
    }
    return List.copyOf(lines);
  }

  private static @Nullable Entry search(
      @Nullable Node root, String path, String method, Headers headers) {
    if (root == null || path.isEmpty()) return null;
    if (path.charAt(0) == '/') return root.find(path, 1, method, headers);
    return path.equals(PathPattern.ASTERISK) ? root.findRest(method, headers) : null;
  }

  private static List<Entry> ordered(List<Route> routes) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < routes.size(); i++) {
      for (HostPattern host : routes.get(i).hosts()) {
        entries.add(new Entry(host, routes.get(i), i));
      }
    }
    Collections.sort(entries);
    return List.copyOf(entries);
  }

  /**
   * Whether two entries have the same host and path shape; such entries are neighbours in the
   * order.
   */
  private static boolean level(Entry a, Entry b) {
    return a.host.equals(b.host) && a.route.pattern().compare(b.route.pattern()) == 0;
  }

  private static @Nullable String ambiguity(Entry a, Entry b) {
    if (!a.ambiguousWith(b)) return null;
    return "routes '"
        + a.route.id()
        + "' and '"
        + b.route.id()
        + "' must differ in host, path, methods or headers, but both match: "
        + a.route;
  }

  private static List<Route> withUniqueIds(List<Route> routes) {
    Set<String> taken = new HashSet<>();
    for (Route route : routes) {
      if (route.idGiven()) taken.add(route.id());
    }
    List<Route> unique = new ArrayList<>(routes.size());
    for (Route route : routes) {
      String id = route.id();
      for (int n = 2; !route.idGiven() && !taken.add(id); n++) id = route.id() + "#" + n;
      unique.add(id.equals(route.id()) ? route : route.withId(id));
    }
    return List.copyOf(unique);
  }
}
