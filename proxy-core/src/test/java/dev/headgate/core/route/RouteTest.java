package dev.headgate.core.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
  private static final String UP = "http://up.example";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "/a?b",
        "/a#b",
        "/a b",
        "/é",
        "/%zz",
        "/%00",
        "/a/../b",
        "/a/./b",
        "/%2e",
        "/*",
        "/a*",
        "/**/a",
        "/a/***",
        "/{a...}/b",
        "/{a",
        "/a}",
        "/x{a}",
        "/{}",
        "/{1}",
        "/{a-b}",
        "/{a}/{a}",
        "/{a}/{a...}",
        "/{...}",
        "/..;x",
        "/\\"
      })
  void badPathIsMistake(String path) {
    List<String> mistakes = Route.to(path, UP).mistakes();
    assertEquals(1, mistakes.size());
    assertTrue(mistakes.get(0).contains("'" + path + "'"), mistakes.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "up.example",
        "ftp://up.example",
        "http://",
        "http://up.example?a",
        "http://up.example#a",
        "http://u@up.example",
        "http://up.example:0",
        "http://up example",
        "//up.example",
        "http://up.example/..",
        "http://up.example/a b"
      })
  void badTargetIsMistake(String url) {
    List<String> mistakes = Route.to("/a", url).mistakes();
    assertEquals(1, mistakes.size());
    assertTrue(mistakes.get(0).startsWith("target must be an http or https URL"), mistakes.get(0));
  }

  @Test
  void mistakeHidesSecretsOfTarget() {
    for (String url :
        List.of(
            "https://user:secret@up.example/",
            "https://up.example/?key=secret",
            "https://secret@x?y")) {
      List<String> mistakes = Route.to("/a", url).mistakes();
      assertFalse(mistakes.toString().contains("secret"), mistakes::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a:80",
        "a b",
        "a/b",
        "*.*.a",
        "a.*",
        "*.[::1]",
        "[::1]:80",
        "é",
        "u@a"
      })
  void badHostIsMistake(String host) {
    List<String> mistakes = Route.builder("/a").host(host).target(UP).build().mistakes();
    assertEquals(1, mistakes.size());
    assertTrue(mistakes.get(0).endsWith("but was '" + host + "'"), mistakes.get(0));
  }

  @Test
  void everyOtherMistakeIsKept() {
    Route route =
        Route.builder("/a")
            .id("a b")
            .methods("G T", "CONNECT")
            .headerPresent("a b")
            .headerEquals("a", "\n")
            .headerMatches("a", "(")
            .hostPolicy(HostPolicy.fixed("a/b"))
            .build();
    assertEquals(8, route.mistakes().size(), route.mistakes()::toString);
  }

  @Test
  void builderMayBeUsedAgain() {
    RouteBuilder builder = Route.builder("/a");
    assertEquals(1, builder.build().mistakes().size());
    assertEquals(List.of(), builder.target(UP).build().mistakes());
  }

  @ParameterizedTest
  @CsvSource({
    "http://up.example, /a, /a",
    "http://up.example/, /a, /a",
    "http://up.example/base, /a, /base/a",
    "http://up.example/base/, /a, /base/a",
    "http://up.example/base//, /, /base/",
    "http://up.example/x/../base, //a, /base//a",
    "http://up.example/base, *, *"
  })
  void basePathIsPutBeforePath(String url, String path, String expected) {
    Route route = Route.to("/**", url);
    assertEquals(List.of(), route.mistakes());
    assertEquals(expected, route.upstreamPath(path));
  }

  @Test
  void pathWithoutBaseIsNotCopied() {
    String path = "/a";
    assertSame(path, Route.to("/**", UP).upstreamPath(path));
  }

  @Test
  void targetIsParsed() {
    assertEquals(
        new Target("https", new HostPort("up.example", 443)),
        Route.to("/", "HTTPS://Up.Example/b").target());
    assertEquals(
        new Target("http", new HostPort("::1", 81)), Route.to("/", "http://[::1]:81").target());
  }

  @Test
  void handlerStandsInPlaceOfTarget() {
    RouteHandler handler = context -> null;
    Route route = Route.to("/", handler);
    assertSame(handler, route.handler());
    assertNull(route.target());
    assertEquals(List.of(), route.mistakes());
    assertThrows(IllegalStateException.class, () -> route.upstreamPath("/"));
    assertThrows(IllegalStateException.class, () -> route.upstreamHost("a"));
  }

  @Test
  void hostPolicyDecidesHost() {
    RouteBuilder builder = Route.builder("/").target("https://up.example:8443/b");
    assertEquals("up.example:8443", builder.build().upstreamHost("client.example"));
    Route client = builder.hostPolicy(HostPolicy.client()).build();
    assertEquals("client.example", client.upstreamHost("client.example"));
    assertEquals("up.example:8443", client.upstreamHost(""));
    Route fixed = builder.hostPolicy(HostPolicy.fixed("fixed.example:1")).build();
    assertEquals("fixed.example:1", fixed.upstreamHost("client.example"));
    assertEquals("up.example", Route.to("/", "http://up.example:80").upstreamHost(""));
  }

  @Test
  void textShowsNeitherTargetNorValues() {
    Route route =
        Route.builder("/a").headerEquals("x-key", "secret").target("http://hidden.example").build();
    assertEquals("host (any) path /a method (any) headers [x-key equals]", route.toString());
  }
}
