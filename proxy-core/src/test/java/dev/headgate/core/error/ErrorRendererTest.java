package dev.headgate.core.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.PluginFault;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HeaderField;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ErrorRendererTest {
  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  private static final String ID = "8f14e45f-ceea-467f-9575-0f1c2d3e4f50";
  private final ErrorRenderer renderer = new ErrorRenderer("headgate", true);

  @Test
  void rendersProblem() {
    DirectResponse response =
        renderer.render(new ProxyFault(ErrorCode.NO_ROUTE, Phase.ROUTE, "No route."), ID, NOON);
    assertEquals(404, response.status());
    assertEquals("application/problem+json", header(response, "Content-Type"));
    assertEquals("no-store", header(response, "Cache-Control"));
    assertEquals(
        "headgate; error=destination_not_found; details=\"no_route\"",
        header(response, "Proxy-Status"));
    assertNull(header(response, "Retry-After"));
    assertEquals(
        "{\"type\":\"urn:headgate:error:no_route\",\"title\":\"No route matches\",\"status\":404,"
            + "\"detail\":\"No route.\",\"code\":\"no_route\",\"requestId\":\""
            + ID
            + "\",\"timestamp\":\"2026-01-02T12:00:00Z\"}",
        text(response));
  }

  @Test
  void namesPluginAndHook() {
    ProxyError error =
        new PluginFault(
            ErrorCode.PLUGIN_FAILED, Phase.REQUEST_HOOKS, "x", "acme", "onRequest", null);
    DirectResponse response = renderer.render(error, ID, NOON);
    Map<String, Object> body = TinyJson.parse(text(response));
    assertEquals("acme", body.get("plugin"));
    assertEquals("onRequest", body.get("hook"));
    assertEquals(
        "headgate; error=proxy_internal_error; details=\"plugin_failed: plugin acme failed in"
            + " onRequest\"",
        header(response, "Proxy-Status"));
  }

  @Test
  void saysWhenToRetry() {
    for (ErrorCode code : List.of(ErrorCode.OVERLOADED, ErrorCode.STOPPING, ErrorCode.NO_TARGET)) {
      String value =
          header(renderer.render(new ProxyFault(code, Phase.ROUTE, "x"), ID, NOON), "Retry-After");
      assertTrue(Integer.parseInt(value) > 0);
    }
  }

  @Test
  void proxyStatusCanBeLeftOut() {
    ErrorRenderer silent = new ErrorRenderer("headgate", false);
    ProxyError fault =
        new PluginFault(
            ErrorCode.PLUGIN_FAILED, Phase.REQUEST_HOOKS, "x", "acme", "onRequest", null);
    assertNull(header(silent.render(fault, ID, NOON), "Proxy-Status"));
    assertNull(silent.failOpenNote("acme", "onRequest"));
  }

  @Test
  void addsFurtherFields() {
    DirectResponse response =
        renderer.render(
            new ClientFault(ErrorCode.METHOD_NOT_ALLOWED, Phase.ROUTE, "x"),
            ID,
            NOON,
            List.of(new HeaderField("Allow", "GET, HEAD")));
    assertEquals("GET, HEAD", header(response, "Allow"));
    assertEquals("no-store", header(response, "Cache-Control"));
  }

  @Test
  void neverShowsCause() {
    Throwable cause = new IllegalStateException("secret.internal refused");
    for (ProxyError error :
        List.of(
            new UpstreamFault(ErrorCode.CONNECT_FAILED, Phase.CONNECT, "x", true, cause),
            new ProxyFault(ErrorCode.INTERNAL, Phase.ROUTE, "x", cause),
            new ClientFault(ErrorCode.BAD_REQUEST, Phase.ROUTE, "x", cause),
            new PluginFault(ErrorCode.PLUGIN_FAILED, Phase.ROUTE, "x", "p", "onRequest", cause))) {
      DirectResponse response = renderer.render(error, ID, NOON);
      String all = text(response) + response.headers().stream().map(HeaderField::value).toList();
      assertFalse(all.contains("secret") || all.contains("IllegalState"), all);
    }
  }

  @Test
  void everyCodeOfTheApiHasATitleOfItsOwn() throws Exception {
    TreeSet<String> titles = new TreeSet<>();
    List<java.lang.reflect.Field> codes =
        Stream.of(ErrorCode.class.getFields())
            .filter(f -> Modifier.isStatic(f.getModifiers()))
            .toList();
    for (java.lang.reflect.Field field : codes) {
      ErrorCode code = (ErrorCode) field.get(null);
      assertTrue(ProblemType.known().contains(code), code.id());
      Map<String, Object> body = body(new ProxyFault(code, Phase.ROUTE, "x"));
      assertEquals(code.status(), body.get("status"));
      titles.add((String) body.get("title"));
    }
    assertEquals(codes.size(), titles.size());
  }

  @Test
  void pluginsOwnCodeIsItsTitle() {
    ErrorCode code = ErrorCode.of("over_budget", 402);
    Map<String, Object> body = body(new ProxyFault(code, Phase.ROUTE, "x"));
    assertEquals("Over budget", body.get("title"));
    assertEquals("urn:headgate:error:over_budget", body.get("type"));
    assertEquals(402, body.get("status"));
    // The same id as one of ours, but another status: not the prepared one.
    assertEquals(
        410, body(new ProxyFault(ErrorCode.of("no_route", 410), Phase.ROUTE, "x")).get("status"));
  }

  @Test
  void pseudonymIsTokenOrString() {
    assertEquals("a.b:c/d", TinyStructured.parse(note("a.b:c/d")).item());
    assertTrue(TinyStructured.parse(note("a.b:c/d")).token());
    assertEquals("1 \"gate\\way\"", TinyStructured.parse(note("1 \"gate\\way\"")).item());
    assertFalse(TinyStructured.parse(note("1gate")).token());
    for (String bad : List.of("", " ", "é", "a\n")) {
      assertThrows(IllegalArgumentException.class, () -> new ErrorRenderer(bad, true));
    }
  }

  @Test
  void notesFaultsThatWerePassedOver() {
    assertEquals(
        "headgate; details=\"plugin acme failed open in onRequest\"",
        renderer.failOpenNote("acme", "onRequest"));
    assertEquals(
        "headgate; details=\"plugin a failed open in onRequest, plugin b failed open in"
            + " onConnect\"",
        renderer.failOpenNote(
            List.of(new PassedOver("a", "onRequest"), new PassedOver("b", "onConnect"))));
    assertNull(renderer.failOpenNote(List.of()));
  }

  @Property(tries = 1000)
  void everyTextMakesJsonThatParses(
      @ForAll String detail, @ForAll String plugin, @ForAll String hook) {
    Map<String, Object> body =
        body(new PluginFault(ErrorCode.PLUGIN_FAILED, Phase.ROUTE, detail, plugin, hook, null));
    assertEquals(wellFormed(detail), body.get("detail"));
    assertEquals(wellFormed(plugin), body.get("plugin"));
    assertEquals(wellFormed(hook), body.get("hook"));
    assertEquals(9, body.size());
  }

  @Property(tries = 1000)
  void proxyStatusRoundTrips(@ForAll String plugin, @ForAll String hook) {
    ProxyError error =
        new PluginFault(ErrorCode.PLUGIN_FAILED, Phase.ROUTE, "x", plugin, hook, null);
    TinyStructured member =
        TinyStructured.parse(header(renderer.render(error, ID, NOON), "Proxy-Status"));
    assertEquals("headgate", member.item());
    assertEquals("proxy_internal_error", member.parameters().get("error"));
    assertEquals(
        ascii("plugin_failed: plugin " + plugin + " failed in " + hook),
        member.parameters().get("details"));
    TinyStructured note = TinyStructured.parse(renderer.failOpenNote(plugin, hook));
    assertEquals(
        ascii("plugin " + plugin + " failed open in " + hook), note.parameters().get("details"));
    assertNotEquals("", note.item());
  }

  @Test
  void escapesWhatEndsStringsLinesAndScripts() {
    String detail = "\"\\\n\u0000\u2028</script>&\ud83d\ude00\ud83d";
    DirectResponse response =
        renderer.render(new ProxyFault(ErrorCode.INTERNAL, Phase.ROUTE, detail), ID, NOON);
    assertTrue(
        text(response)
            .contains(
                "\\\"\\\\\\u000a\\u0000\\u2028\\u003c/script\\u003e\\u0026\ud83d\ude00\ufffd"),
        text(response));
  }

  private static String note(String pseudonym) {
    return new ErrorRenderer(pseudonym, true).failOpenNote("p", "onRequest");
  }

  private static String ascii(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) out.append(c < ' ' || c > '~' ? '?' : c);
    return out.toString();
  }

  private static String wellFormed(String text) {
    return text.codePoints()
        .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Map<String, Object> body(ProxyError error) {
    return TinyJson.parse(text(renderer.render(error, ID, NOON)));
  }

  private static String text(DirectResponse response) {
    DirectResponse.Bytes bytes = (DirectResponse.Bytes) response.body();
    return StandardCharsets.UTF_8.decode(bytes.bytes().duplicate()).toString();
  }

  private static String header(DirectResponse response, String name) {
    return response.headers().stream()
        .filter(field -> field.name().equals(name))
        .map(HeaderField::value)
        .findFirst()
        .orElse(null);
  }
}
