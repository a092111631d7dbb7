package dev.headgate.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.http.HeaderList;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static final String UP = "http://up.example";

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b, true",
    "/a/b, /a/b/, false",
    "/a/b, /a, false",
    "/a/b/, /a/b/, true",
    "/, /, true",
    "/, /a, false",
    "/v1/**, /v1, true",
    "/v1/**, /v1/, true",
    "/v1/**, /v1/a/b, true",
    "/v1/**, /v10, false",
    "/v1/**, /v, false",
    "/**, /, true",
    "/**, //, true",
    "/**, *, true",
    "/v1/**, *, false",
    "/{x}, *, false",
    "/{x}, /, false",
    "/{x}, /a, true",
    "/{x}/b, //b, false",
    "/a//b, /a//b, true",
    "/a//b, /a/b, false",
    "/users/{id}/posts/{post}, /users/1/posts/2, true",
    "/users/{id}/posts/{post}, /users/1/posts/2/3, false",
    "/files/{rest...}, /files, true",
    "/files/{rest...}, /files/a/b, true",
    "/%61%2fb, /a%2Fb, true",
    "/a%2Fb, /a/b, false",
    "/a, '', false"
  })
  void patternMatches(String pattern, String path, boolean expected) {
    Router router = Router.of(List.of(Route.to(pattern, UP)));
    assertEquals(expected, find(router, path) != null);
    assertEquals(expected, PathPattern.parse(pattern).matches(path));
  }

  @Test
  void variablesKeepTheirEncoding() {
    Router router = Router.of(List.of(Route.to("/u/{id}/{rest...}", UP)));
    assertEquals(Map.of("id", "a%2Fb", "rest", "c//d"), variables(router, "/u/a%2Fb/c//d"));
    assertEquals(Map.of("id", "a", "rest", ""), variables(router, "/u/a"));
    assertEquals(Map.of("id", "a", "rest", ""), variables(router, "/u/a/"));
    Router all = Router.of(List.of(Route.to("/{rest...}", UP)));
    assertEquals(Map.of("rest", ""), variables(all, "*"));
  }

  @Test
  void moreSpecificPathComesFirstWhateverTheRegistration() {
    List<Route> routes = new ArrayList<>();
    String[] order = {
      "/a/b/c", "/a/b/{x}", "/a/b/**", "/a/{x}/c", "/a/{x}/{y}", "/a/**", "/{x}", "/**"
    };
    for (String path : order) routes.add(Route.to(path, UP));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(routes, new java.util.Random(i));
      Router router = Router.of(routes);
      assertEquals("/a/b/c", find(router, "/a/b/c"));
      assertEquals("/a/b/{x}", find(router, "/a/b/d"));
      assertEquals("/a/b/**", find(router, "/a/b"));
      assertEquals("/a/{x}/c", find(router, "/a/d/c"));
      assertEquals("/a/{x}/{y}", find(router, "/a/d/d"));
      assertEquals("/a/**", find(router, "/a/d"));
      assertEquals("/{x}", find(router, "/b"));
      assertEquals("/**", find(router, "/b/"));
      assertEquals(
          List.of(order),
          router.describe().stream().map(l -> l.replaceAll(".*-> | \\(.*", "")).toList());
    }
  }

  @Test
  void hostComesBeforePath() {
    Router router =
        Router.of(
            List.of(
                Route.to("/a", UP),
                Route.builder("/**").host("*.example.com").target(UP).build(),
                Route.builder("/**").host("*.b.example.com").target(UP).build(),
                Route.builder("/**").host("A.b.Example.com.").host("[::1]").target(UP).build()));
    assertTrue(router.usesHosts());
    assertEquals("a.b.example.com,::1/**", find(router, "a.b.example.com", "/a"));
    assertEquals("a.b.example.com,::1/**", find(router, "::1", "/a"));
    assertEquals("*.b.example.com/**", find(router, "x.b.example.com", "/a"));
    assertEquals("*.example.com/**", find(router, "b.example.com", "/a"));
    assertEquals("/a", find(router, "example.com", "/a"));
    assertEquals("/a", find(router, "badexample.com", "/a"));
    assertNull(find(router, "example.com", "/b"));
    assertFalse(Router.of(List.of(Route.to("/a", UP))).usesHosts());
  }

  @Test
  void refusedMethodOrFieldGoesOnToNextRoute() {
    Router router =
        Router.of(
            List.of(
                Route.to("/**", UP),
                Route.builder("/a").methods("GET", "HEAD").target(UP).build(),
                Route.builder("/a").methods("GET").target(UP).build(),
                Route.builder("/a").methods("GET").headerPresent("X").target(UP).id("x").build(),
                Route.builder("/{v}").host("h").methods("PUT").target(UP).id("h").build()));
    assertEquals("GET /a", find(router, "/a"));
    assertEquals("GET,HEAD /a", find(router, "", "/a", "HEAD"));
    assertEquals("/**", find(router, "", "/a", "POST"));
    assertEquals("h", find(router, "h", "/a", "PUT"));
    assertEquals("/**", find(router, "h", "/a", "POST"));
    assertEquals("x", find(router, "", "/a", "GET", "x", ""));
  }

  @Test
  void fieldsAreMatchedOnEachLine() {
    Router router =
        Router.of(
            List.of(
                Route.builder("/a").headerEquals("X-Mode", "fast").target(UP).id("eq").build(),
                Route.builder("/a").headerMatches("x-mode", "v[0-9]+").target(UP).id("re").build(),
                Route.to("/a", UP)));
    assertEquals("eq", find(router, "", "/a", "GET", "x-mode", "slow", "X-MODE", "fast"));
    assertEquals("re", find(router, "", "/a", "GET", "X-Mode", "v12"));
    assertEquals("/a", find(router, "", "/a", "GET", "X-Mode", "v12x"));
    assertEquals("/a", find(router, "", "/a", "GET", "X-Mode", "Fast"));
  }

  @Test
  void allowedMethodsAreThoseOfAllRoutesThatMatchOtherwise() {
    Router router =
        Router.of(
            List.of(
                Route.builder("/a").methods("PUT", "GET").target(UP).build(),
                Route.builder("/{x}").methods("DELETE").target(UP).build(),
                Route.builder("/{x}").methods("PATCH").headerPresent("X").target(UP).build(),
                Route.builder("/a").host("h").methods("HEAD").target(UP).build(),
                Route.to("/free", UP)));
    assertNull(find(router, "", "/a", "POST"));
    assertEquals(
        List.of("DELETE", "GET", "PUT"),
        List.copyOf(router.allowedMethods("", "/a", new HeaderList())));
    assertTrue(router.allowedMethods("h", "/a", new HeaderList()).contains("HEAD"));
    assertEquals(Set.of(), router.allowedMethods("", "/none/x", new HeaderList()));
    assertEquals(Set.of(), router.allowedMethods("", "/free", new HeaderList()));
  }

  @Test
  void searchAllocatesNothingWithoutVariables() {
    Router router =
        Router.of(
            List.of(
                Route.to("/v1/models", UP),
                Route.to("/v1/{x}/y", UP),
                Route.to("/v1/**", UP),
                Route.builder("/**").host("h.example").target(UP).build()));
    HeaderList headers = new HeaderList();
    assertSame(
        router.match("", "/v1/models", "GET", headers),
        router.match("", "/v1/models", "GET", headers));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) before = threads.getCurrentThreadAllocatedBytes();
      assertNotNull(router.match("other.example", "/v1/models/a/b", "GET", headers));
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 10_000, bytes + " bytes for 10,000 searches");
  }

  @Test
  void emptyRouterFindsNothing() {
    Router router = Router.of(List.of());
    assertNull(find(router, "/"));
    assertEquals(List.of(), router.describe());
  }

  @Test
  void derivedIdsAreMadeUnique() {
    Router router =
        Router.of(
            List.of(
                Route.builder("/b").id("/a#2").target(UP).build(),
                Route.builder("/a").headerPresent("x").target(UP).build(),
                Route.builder("/a").headerPresent("y").target(UP).build(),
                Route.to("/a", UP)));
    assertEquals(
        List.of("/a#2", "/a", "/a#3", "/a#4"), router.routes().stream().map(Route::id).toList());
    assertEquals("/a#4", find(router, "/a"));
  }

  @Test
  void describesTheOrder() {
    Router router =
        Router.of(
            List.of(
                Route.to("/**", context -> null),
                Route.builder("/v1/{x}")
                    .host("*.example.com")
                    .host("example.com")
                    .id("api")
                    .methods("POST", "GET")
                    .headerEquals("X-Key", "secret")
                    .target(UP)
                    .build()));
    assertEquals(
        List.of(
            "1. host example.com path /v1/{x} method GET,POST headers [x-key equals] -> api (http://up.example)",
            "2. host *.example.com path /v1/{x} method GET,POST headers [x-key equals] -> api (http://up.example)",
            "3. host (any) path /** method (any) -> /** (handler)"),
        router.describe());
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    List<Route> routes =
        List.of(
            Route.to("v1", "ftp://up.example"),
            Route.builder("/a").id("twice").build(),
            Route.builder("/b").id("twice").target(UP).handler(context -> null).build(),
            Route.to("/c/{x}", UP),
            Route.to("/c/{y}", UP));
    List<String> mistakes = Router.mistakes(routes);
    assertEquals(6, mistakes.size(), mistakes::toString);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Router.of(routes));
    for (String mistake : mistakes) assertTrue(e.getMessage().contains("\n- " + mistake));
    assertTrue(mistakes.get(5).contains("'/c/{x}' and '/c/{y}'"), mistakes.get(5));
  }

  @Test
  void ambiguityIsMistakeOnlyWhereRegistrationWouldDecide() {
    Route get = Route.builder("/a").methods("GET", "PUT").target(UP).build();
    assertEquals(
        1,
        Router.mistakes(List.of(get, Route.builder("/a").methods("GET", "POST").target(UP).build()))
            .size());
    assertEquals(
        List.of(),
        Router.mistakes(List.of(get, Route.builder("/a").methods("GET").target(UP).build())));
    assertEquals(
        List.of(),
        Router.mistakes(
            List.of(get, Route.builder("/a").methods("POST", "HEAD").target(UP).build())));
    assertEquals(
        List.of(),
        Router.mistakes(
            List.of(
                get,
                Route.builder("/a").methods("GET", "PUT").headerPresent("x").target(UP).build())));
    assertEquals(
        1,
        Router.mistakes(
                List.of(
                    Route.builder("/a").host("h").host("i").target(UP).build(),
                    Route.builder("/a").host("i").host("j").target(UP).build()))
            .size());
  }

  private static Map<String, String> variables(Router router, String path) {
    RouteMatch match = router.match("", path, "GET", new HeaderList());
    assertNotNull(match);
    return match.info().variables();
  }

  private static String find(Router router, String path) {
    return find(router, "", path);
  }

  private static String find(Router router, String host, String path) {
    return find(router, host, path, "GET");
  }

  private static String find(
      Router router, String host, String path, String method, String... fields) {
    HeaderList headers = new HeaderList();
    for (int i = 0; i < fields.length; i += 2) headers.append(fields[i], fields[i + 1]);
    RouteMatch match = router.match(host, path, method, headers);
    if (match == null) return null;
    assertEquals(match.route().id(), match.info().id());
    assertEquals(match.route().path(), match.info().pattern());
    return match.route().id();
  }
}
