package dev.headgate.core.route;

import dev.headgate.api.RouteInfo;
import dev.headgate.api.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route under one of its hosts: the unit that the router orders and finds. */
final class Entry implements Comparable<Entry> {
  final HostPattern host;
  final Route route;
  private final int registration;

  /** The match, where it is the same for all paths. */
  private final @Nullable RouteMatch fixed;

  Entry(HostPattern host, Route route, int registration) {
    this.host = host;
    this.route = route;
    this.registration = registration;
    this.fixed = route.pattern().hasVariables() ? null : match(Map.of());
  }

  boolean accepts(String method, Headers headers) {
    return route.serves(method) && route.fits(headers);
  }

  RouteMatch match(String path) {
    return fixed != null ? fixed : match(route.pattern().variables(path));
  }

  /** The order that {@link Router} promises. */
  @Override
  public int compareTo(Entry other) {
    int result = host.compare(other.host);
    if (result == 0) result = route.pattern().compare(other.route.pattern());
    if (result == 0) result = Integer.compare(methodRank(), other.methodRank());
    if (result == 0) {
      result = Integer.compare(other.route.predicates().size(), route.predicates().size());
    }
    return result != 0 ? result : Integer.compare(registration, other.registration);
  }

  /** Whether nothing but the order of registration decides between two entries for some request. */
  boolean ambiguousWith(Entry other) {
    if (!host.equals(other.host) || methodRank() != other.methodRank()) return false;
    if (route.pattern().compare(other.route.pattern()) != 0) return false;
    boolean method =
        route.methods().isEmpty() || route.methods().stream().anyMatch(other.route::serves);
    return method && samePredicates(route.predicates(), other.route.predicates());
  }

  private int methodRank() {
    int count = route.methods().size();
    return count == 0 ? Integer.MAX_VALUE : count;
  }

  private RouteMatch match(Map<String, String> variables) {
    return new RouteMatch(route, new RouteInfo(route.id(), route.path(), variables));
  }

  private static boolean samePredicates(List<HeaderPredicate> a, List<HeaderPredicate> b) {
    return a.size() == b.size() && contains(a, b) && contains(b, a);
  }

  private static boolean contains(List<HeaderPredicate> all, List<HeaderPredicate> some) {
    return some.stream().allMatch(one -> all.stream().anyMatch(one::same));
  }
}
