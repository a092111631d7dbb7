package dev.headgate.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.core.http.HeaderList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The trie against an oracle that tries all routes with regular expressions and sorts what matches.
 */
class RouterPropertyTest {
  /** A route as the oracle sees it. */
  record Spec(String host, String path, Set<String> methods, Set<String> fields) {
    Route route(int id) {
      RouteBuilder builder = Route.builder(path).id("r" + id).target("http://up.example");
      if (!host.isEmpty()) builder.host(host);
      builder.methods(methods.toArray(new String[0]));
      fields.forEach(builder::headerPresent);
      return builder.build();
    }

    boolean matches(Request request, boolean anyMethod) {
      String regex =
          path.replace("/**", "(/.*)?")
              .replaceAll("/\\{\\w+\\.\\.\\.}", "(/.*)?")
              .replaceAll("\\{\\w+}", "[^/]+");
      boolean hostFits =
          host.startsWith("*")
              ? request.host.endsWith(host.substring(1)) && !request.host.equals(host.substring(1))
              : host.isEmpty() || host.equals(request.host);
      return hostFits
          && request.path.matches(regex)
          && (anyMethod || methods.isEmpty() || methods.contains(request.method))
          && request.fields.containsAll(fields);
    }

    /** Sorts as the order says: smaller strings first. */
    String rank() {
      String byHost =
          host.isEmpty() ? "2" : host.startsWith("*") ? "1" + (char) ('z' - host.length()) : "0";
      StringBuilder byPath = new StringBuilder();
      boolean rest = path.endsWith("**") || path.endsWith("...}");
      String fixed = rest ? path.substring(0, path.lastIndexOf('/')) : path;
      for (String segment : fixed.isEmpty() ? new String[0] : fixed.substring(1).split("/", -1)) {
        byPath.append(segment.startsWith("{") ? '2' : '0');
      }
      byPath.append(rest ? '3' : '1');
      int byMethods = methods.isEmpty() ? 9 : methods.size();
      return byHost + " " + byPath + " " + byMethods + " " + (9 - fields.size());
    }
  }

  record Request(String host, String path, String method, Set<String> fields) {}

  @Property(tries = 1000)
  void findsWhatTheOracleFinds(
      @ForAll("specs") List<Spec> candidates, @ForAll("requests") List<Request> requests) {
    List<Spec> specs = sound(candidates);
    Router router = router(specs);
    for (Request request : requests) {
      Optional<Spec> expected =
          specs.stream()
              .filter(spec -> spec.matches(request, false))
              .min(Comparator.comparing(Spec::rank));
      RouteMatch actual =
          router.match(request.host, request.path, request.method, headers(request));
      assertEquals(
          expected.map(spec -> "r" + specs.indexOf(spec)).orElse("none"),
          actual == null ? "none" : actual.route().id(),
          () -> request + " in " + router.describe());
    }
  }

  @Property(tries = 300)
  void allowsWhatTheOracleAllows(
      @ForAll("specs") List<Spec> candidates, @ForAll("requests") List<Request> requests) {
    List<Spec> specs = sound(candidates);
    Router router = router(specs);
    for (Request request : requests) {
      List<Spec> matching = specs.stream().filter(spec -> spec.matches(request, true)).toList();
      Set<String> expected = new TreeSet<>();
      matching.forEach(spec -> expected.addAll(spec.methods));
      if (matching.stream().anyMatch(spec -> spec.methods.isEmpty())) expected.clear();
      assertEquals(expected, router.allowedMethods(request.host, request.path, headers(request)));
    }
  }

  @Property(tries = 200)
  void registrationDoesNotMatterWhereRanksDiffer(
      @ForAll("specs") List<Spec> candidates, @ForAll("requests") List<Request> requests) {
    List<Spec> specs = new ArrayList<>();
    for (Spec spec : sound(candidates)) {
      if (specs.stream().noneMatch(other -> other.rank().equals(spec.rank()))) specs.add(spec);
    }
    Router router = router(specs);
    List<Route> reversed = new ArrayList<>();
    for (int i = specs.size() - 1; i >= 0; i--) reversed.add(specs.get(i).route(i));
    Router other = Router.of(reversed);
    for (Request request : requests) {
      assertEquals(id(router, request), id(other, request));
    }
  }

  @Provide
  Arbitrary<List<Spec>> specs() {
    Arbitrary<String> hosts =
        Arbitraries.of("", "", "", "a.x", "b.a.x", "x", "*.x", "*.a.x", "*.z.x");
    Arbitrary<String> paths =
        Combinators.combine(
                Arbitraries.of("a", "b", "c", "", "{}", "{}").list().ofMaxSize(4),
                Arbitraries.of("", "", "/**", "/{rest...}"))
            .as(RouterPropertyTest::path);
    return Combinators.combine(
            hosts,
            paths,
            Arbitraries.of("GET", "POST", "PUT").set().ofMaxSize(2),
            Arbitraries.of("x-a", "x-b").set().ofMaxSize(2))
        .as(Spec::new)
        .list()
        .ofMaxSize(16);
  }

  @Provide
  Arbitrary<List<Request>> requests() {
    Arbitrary<String> paths =
        Arbitraries.of("a", "b", "c", "d", "")
            .list()
            .ofMaxSize(5)
            .map(s -> "/" + String.join("/", s));
    return Combinators.combine(
            Arbitraries.of("", "x", "a.x", "b.a.x", "c.a.x", "c.x", "c.z.x", "y"),
            paths,
            Arbitraries.of("GET", "POST", "PUT", "DELETE"),
            Arbitraries.of("x-a", "x-b").set().ofMaxSize(2))
        .as(Request::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(10);
  }

  private static String path(List<String> segments, String end) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < segments.size(); i++) {
      path.append('/').append(segments.get(i).replace("{}", "{v" + i + "}"));
    }
    return path.isEmpty() && end.isEmpty() ? "/" : path.append(end).toString();
  }

  /** Leaves out the routes that the router would refuse as ambiguous. */
  private static List<Spec> sound(List<Spec> candidates) {
    List<Spec> specs = new ArrayList<>();
    for (Spec candidate : candidates) {
      List<Spec> longer = Stream.concat(specs.stream(), Stream.of(candidate)).toList();
      if (!specs.contains(candidate) && Router.mistakes(routes(longer)).isEmpty()) {
        specs.add(candidate);
      }
    }
    return specs;
  }

  private static List<Route> routes(List<Spec> specs) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) routes.add(specs.get(i).route(i));
    return routes;
  }

  private static Router router(List<Spec> specs) {
    return Router.of(routes(specs));
  }

  private static HeaderList headers(Request request) {
    HeaderList headers = new HeaderList();
    request.fields.forEach(name -> headers.append(name, "1"));
    return headers;
  }

  private static String id(Router router, Request request) {
    RouteMatch match = router.match(request.host, request.path, request.method, headers(request));
    return match == null ? "none" : match.route().id();
  }
}
