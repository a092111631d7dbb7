package dev.headgate.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.rewrite.PrefixMapping;
import dev.headgate.core.rewrite.UpstreamReferences;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths on their way to the upstream, and references on their way back. */
class PathRewriteTest {
  private static Route route(String pattern, PathRewrite rewrite) {
    return route(pattern, rewrite, "http://up.test:8080");
  }

  private static Route route(String pattern, PathRewrite rewrite, String target) {
    return Route.builder(pattern).target(target).rewrite(rewrite).build();
  }

  private static String location(Route route, String value) {
    HeaderList headers = new HeaderList();
    headers.append("Location", value);
    rewrite(route, headers);
    return headers.get("Location");
  }

  private static String cookie(Route route, String value) {
    HeaderList headers = new HeaderList();
    headers.append("Set-Cookie", "first=1");
    headers.append("Set-Cookie", value);
    rewrite(route, headers);
    assertEquals("first=1", headers.value(0));
    return headers.value(1);
  }

  private static void rewrite(Route route, HeaderList headers) {
    UpstreamReferences references = route.references();
    if (references != null) references.rewrite(headers, "sent.test", "https", "client.test:8443");
  }

  @ParameterizedTest
  @CsvSource({"/api/users,/users", "/api,/", "/api/,/", "/api//x,//x", "/api/a%2Fb/,/a%2Fb/"})
  void stripsAPrefix(String path, String expected) {
    assertEquals(expected, route("/api/**", PathRewrite.stripPrefix("/api")).upstreamPath(path));
  }

  @ParameterizedTest
  @CsvSource({"/,/v2/", "/a,/v2/a", "*,*"})
  void addsAPrefix(String path, String expected) {
    assertEquals(expected, route("/**", PathRewrite.addPrefix("/v2")).upstreamPath(path));
  }

  @ParameterizedTest
  @CsvSource({"/api/v1/a,/base/v2/a", "/api/v1,/base/v2", "/api/v1/,/base/v2/"})
  void replacesAPrefixBehindTheBasePath(String path, String expected) {
    Route route =
        route(
            "/api/v1/**", PathRewrite.replacePrefix("/api/v1", "/v2"), "http://up.test:8080/base");
    assertEquals(expected, route.upstreamPath(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/users/{id},/v2/people/{id},/users/7%2F,/v2/people/7%2F",
    "/{a}/x/{b},/{b}/{a},/1/x/2,/2/1",
    "/files/{rest...},/archive/{rest...},/files/a/b/,/archive/a/b/",
    "/files/{rest...},/archive/{rest...},/files,/archive",
    "/files/{rest...},/archive/{rest...},/files/,/archive/",
    "/{a}/{rest...},/{rest...},/x,/",
    "/users/{id},/me,/users/7,/me"
  })
  void fillsATemplate(String pattern, String template, String path, String expected) {
    assertEquals(expected, route(pattern, PathRewrite.template(template)).upstreamPath(path));
  }

  @ParameterizedTest
  @CsvSource({
    // the target itself
    "http://up.test:8080/a?b#c,https://client.test:8443/api/a?b#c",
    "HTTP://UP.test:8080/a,https://client.test:8443/api/a",
    "//up.test:8080/a,https://client.test:8443/api/a",
    "http://up.test:8080,https://client.test:8443/api/",
    "http://up.test:8080?x,https://client.test:8443/api/?x",
    "http://sent.test/a,https://client.test:8443/api/a",
    "http://sent.test:80/a,https://client.test:8443/api/a",
    "/a/b?c,/api/a/b?c",
    "/,/api/",
    "/%7Ea%2fb%zz,/api/%7Ea%2fb%zz",
    // others
    "https://up.test:8080/a,https://up.test:8080/a",
    "http://up.test/a,http://up.test/a",
    "http://up.test:8080@evil.test/a,http://up.test:8080@evil.test/a",
    "http://evil.test/a,http://evil.test/a",
    "//evil.test/a,//evil.test/a",
    "/\\evil.test/a,/\\evil.test/a",
    "http://up.test:8080\\@evil.test/,http://up.test:8080\\@evil.test/",
    "/a/../b,/a/../b",
    "/a/%2e%2e/b,/a/%2e%2e/b",
    "b/c,b/c",
    "?x,?x",
    "mailto:a@up.test,mailto:a@up.test"
  })
  void rewritesReferencesToTheTarget(String value, String expected) {
    assertEquals(expected, location(route("/api/**", PathRewrite.stripPrefix("/api")), value));
  }

  @Test
  void mapsBackWithoutARule() {
    Route base = Route.to("/**", "http://up.test:8080/base/");
    assertEquals("/a", location(base, "/base/a"));
    assertEquals("/", location(base, "/base"));
    assertEquals("/based/a", location(base, "/based/a"));
    assertEquals("https://client.test:8443/a", location(base, "http://up.test:8080/base/a"));
    assertEquals("http://up.test:8080/a", location(base, "http://up.test:8080/a"));
    Route plain = Route.to("/**", "http://up.test:8080");
    assertEquals("/a", location(plain, "/a"));
    assertEquals("https://client.test:8443/a", location(plain, "http://up.test:8080/a"));
  }

  @Test
  void mapsTemplatesBack() {
    Route route = route("/users/{id}", PathRewrite.template("/v2/people/{id}"));
    assertEquals("/users/7", location(route, "/v2/people/7"));
    assertEquals("/v2/people/7/x", location(route, "/v2/people/7/x"));
    Route lossy = route("/users/{id}", PathRewrite.template("/me"));
    assertEquals("/me", location(lossy, "/me"));
  }

  @Test
  void canBeTurnedOff() {
    Route route =
        Route.builder("/**").target("http://up.test:8080/base").withoutResponseRewriting().build();
    assertEquals("http://up.test:8080/base/a", location(route, "http://up.test:8080/base/a"));
  }

  @Test
  void neverReadsAPathAsAnotherHost() {
    Route route = route("/**", PathRewrite.addPrefix("/v2"));
    assertEquals("https://client.test:8443//evil.test/a", location(route, "/v2//evil.test/a"));
    assertEquals("/v2/\\evil.test/a", location(route, "/v2/\\evil.test/a"));
    assertEquals("/v2/\t/evil.test/a", location(route, "/v2/\t/evil.test/a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b; Path=/; HttpOnly | a=b; Path=/api; HttpOnly",
        "a=b;path=/x;Secure | a=b;path=/api/x;Secure",
        "a=\"/\"; Domain=up.test; Max-Age=1 | a=\"/\"; Max-Age=1",
        "a=b; domain=.UP.test | a=b",
        "a=b; Domain=test | a=b; Domain=test",
        "a=b; Domain=other.test | a=b; Domain=other.test",
        "a=/x; Expires=Wed, 01 Jan 2031 00:00:00 GMT | a=/x; Expires=Wed, 01 Jan 2031 00:00:00 GMT",
        "a=b; Path; Domain= | a=b; Path; Domain=",
        "a=b | a=b"
      })
  void rewritesTheScopeOfCookies(String value, String expected) {
    assertEquals(expected, cookie(route("/api/**", PathRewrite.stripPrefix("/api")), value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/** | strip | /other | must be what every path of the route begins with",
        "/{any}/** | strip | /api | must be what every path of the route begins with",
        "/apis/** | strip | /api | must be what every path of the route begins with",
        "/api/** | strip | api | must be whole segments",
        "/api/** | strip | /api/ | must be whole segments",
        "/api/** | add | /a b | must be whole segments",
        "/api/** | strip | '' | must be whole segments",
        "/users/{id} | template | /x/{name} | has 'name'",
        "/users/{id} | template | /x/{id...} | has 'id'",
        "/a/** | template | /b/{rest...} | needs a name",
        "/a/{rest...} | template | /b | must end with the rest",
        "/a/{rest...} | template | /b/** | must name its rest",
        "/a | template | b | must begin with '/'"
      })
  void reportsMistakes(String pattern, String kind, String text, String expected) {
    PathRewrite rewrite =
        switch (kind) {
          case "strip" -> PathRewrite.stripPrefix(text);
          case "add" -> PathRewrite.addPrefix(text);
          default -> PathRewrite.template(text);
        };
    List<String> mistakes = route(pattern, rewrite).mistakes();
    assertFalse(mistakes.isEmpty());
    assertTrue(mistakes.stream().anyMatch(m -> m.contains(expected)), mistakes::toString);
    assertTrue(mistakes.stream().allMatch(m -> m.contains("'" + text + "'")), mistakes::toString);
  }

  @Test
  void handlersRewriteNothing() {
    List<String> mistakes =
        Route.builder("/api/**")
            .handler(ctx -> null)
            .rewrite(PathRewrite.stripPrefix("/api"))
            .build()
            .mistakes();
    assertEquals(List.of("a route with a handler must not rewrite paths"), mistakes);
  }

  // --- properties

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "/", "/", "a", "b", "%2F", "%20", "%E2%82%AC", ";x=1", ":", "@", "..a", "|")
        .list()
        .ofMaxSize(12)
        .map(parts -> RequestTarget.normalisePath("/" + String.join("", parts)));
  }

  @Provide
  Arbitrary<String> references() {
    return Arbitraries.of(
            "http:",
            "https:",
            "//",
            "/",
            "/",
            "\\",
            "up.test",
            ":8080",
            "evil.test",
            "@",
            "..",
            ".",
            "%2e",
            "%2F",
            "base",
            "v2",
            "?",
            "#",
            "a",
            " ",
            "\t",
            "é",
            "[::1]",
            ":")
        .list()
        .ofMaxSize(10)
        .map(parts -> String.join("", parts));
  }

  @Property
  void stripUndoesAdd(@ForAll("paths") String path) {
    String added = route("/**", PathRewrite.addPrefix("/p%20q")).upstreamPath(path);
    assertEquals("/p%20q" + path, added);
    assertEquals(path, route("/p%20q/**", PathRewrite.stripPrefix("/p%20q")).upstreamPath(added));
  }

  @Property
  void backUndoesForward(@ForAll("paths") String path) {
    String client = "/api" + path;
    PrefixMapping mapping = new PrefixMapping("/api", "/base/v2");
    assertEquals(client, mapping.toClient(mapping.toUpstream(client)));
    Route template = route("/api/{rest...}", PathRewrite.template("/x/{rest...}"));
    assertEquals("/x" + path, template.upstreamPath(client));
  }

  private static final Pattern OWN = Pattern.compile("https://client\\.test:8443(?:[/?#].*)?");

  /** Whatever is rewritten leads to the client's own host, or is a path there. */
  @Property(tries = 20_000)
  void neverLeadsElsewhere(@ForAll("references") String reference) {
    for (Route route :
        List.of(
            Route.to("/**", "http://up.test:8080/base"),
            route("/**", PathRewrite.addPrefix("/v2")),
            route("/api/**", PathRewrite.stripPrefix("/api")),
            route("/api/{r...}", PathRewrite.template("/v2/{r...}")))) {
      String rewritten = location(route, reference);
      if (rewritten.equals(reference)) continue;
      boolean path = rewritten.startsWith("/") && !rewritten.matches("/[/\\\\\t].*");
      assertTrue(path || OWN.matcher(rewritten).matches(), reference + " -> " + rewritten);
      if (!rewritten.matches("[!-~]*") || rewritten.matches(".*[\\\\\\[\\]].*|.*%(?!2).*"))
        continue;
      URI resolved = URI.create("https://client.test:8443/x").resolve(uri(rewritten));
      assertEquals("client.test", resolved.getHost(), reference + " -> " + rewritten);
    }
  }

  private static URI uri(String text) {
    int hash = text.indexOf('#');
    return URI.create(hash < 0 ? text : text.substring(0, hash));
  }
}
