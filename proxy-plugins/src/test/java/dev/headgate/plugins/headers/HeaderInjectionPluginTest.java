package dev.headgate.plugins.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.Session;
import dev.headgate.plugins.support.Allocation;
import dev.headgate.plugins.support.FakePluginContext;
import dev.headgate.plugins.support.FakeProxyContext;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderInjectionPluginTest {
  private static final Session BARE = Session.builder("s-1").build();
  private static final Session FULL =
      Session.builder("s-2")
          .agent("coder")
          .model("model-7")
          .attribute("integration", "int-9")
          .build();

  private static Interceptor interceptor(HeaderInjectionPlugin.Builder builder, Session session) {
    return builder.build().createInterceptor(new FakePluginContext().session(session));
  }

  private static List<String> sent(HeaderInjectionPlugin.Builder builder, Session session)
      throws Exception {
    return FakeProxyContext.get("r-1", session)
        .sendThrough(interceptor(builder, session))
        .headers()
        .lines();
  }

  @Test
  void declaresItselfAsHeaderPlugin() {
    PluginMetadata metadata = HeaderInjectionPlugin.builder().build().metadata();
    assertEquals("header-injection", metadata.id());
    assertEquals(20, metadata.priority());
    assertEquals(FailurePolicy.FAIL_OPEN, metadata.failurePolicy());
    assertFalse(metadata.blocking());
  }

  @Test
  void failsClosedWhereItIsToldTo() {
    HeaderInjectionPlugin plugin = HeaderInjectionPlugin.builder().failClosed().build();
    assertEquals(FailurePolicy.FAIL_CLOSED, plugin.metadata().failurePolicy());
  }

  @Test
  void sendsFourFieldsAlways() throws Exception {
    assertEquals(
        List.of(
            "X-Headgate-CLI: headgate",
            "X-Headgate-Client: headgate",
            "X-Headgate-Request-ID: r-1",
            "X-Headgate-Session-ID: s-1"),
        sent(HeaderInjectionPlugin.builder(), BARE));
  }

  @Test
  void takesWhatTheSessionKnows() throws Exception {
    assertEquals(
        List.of(
            "X-Headgate-CLI: coder",
            "X-Headgate-Client: coder",
            "X-Headgate-Request-ID: r-1",
            "X-Headgate-Session-ID: s-2",
            "X-Headgate-CLI-Model: model-7"),
        sent(HeaderInjectionPlugin.builder(), FULL));
  }

  @Test
  void sendsAllThatIsConfigured() throws Exception {
    HeaderInjectionPlugin.Builder builder =
        HeaderInjectionPlugin.builder()
            .prefix("Acme")
            .cli("acme-cli", "1.2.3")
            .client("ide")
            .integration("int-1")
            .model("model-1")
            .timeout(Duration.ofMinutes(5))
            .header("X-Team", "core");
    assertEquals(
        List.of(
            "X-Acme-CLI: acme-cli/1.2.3",
            "X-Acme-Client: ide",
            "X-Acme-Request-ID: r-1",
            "X-Acme-Session-ID: s-2",
            "X-Acme-Integration: int-1",
            "X-Acme-CLI-Model: model-1",
            "X-Acme-CLI-Timeout: 300",
            "X-Team: core"),
        sent(builder, FULL));
  }

  @Test
  void prefersTheSessionsAgentToTheCliAsClient() throws Exception {
    HeaderInjectionPlugin.Builder builder = HeaderInjectionPlugin.builder().cli("acme", "1");
    assertTrue(sent(builder, FULL).contains("X-Headgate-Client: coder"));
    assertTrue(sent(builder, FULL).contains("X-Headgate-CLI: acme/1"));
    assertTrue(sent(builder, BARE).contains("X-Headgate-Client: acme"));
  }

  @Test
  void takesValuesFromFunctionsAtEachRequest() throws Exception {
    HeaderInjectionPlugin.Builder builder =
        HeaderInjectionPlugin.builder()
            .integration(HeaderValue.sessionAttribute("integration"))
            .model(ctx -> "for " + ctx.request().path())
            .timeout(ctx -> "60")
            .header("X-Method", ctx -> ctx.request().method());
    Interceptor interceptor = interceptor(builder, FULL);
    for (String path : List.of("/a", "/b")) {
      FakeProxyContext ctx = FakeProxyContext.get("r-1", FULL).path(path);
      ctx.sendThrough(interceptor);
      assertEquals("int-9", ctx.headers().get("X-Headgate-Integration"));
      assertEquals("for " + path, ctx.headers().get("X-Headgate-CLI-Model"));
      assertEquals("60", ctx.headers().get("X-Headgate-CLI-Timeout"));
      assertEquals("GET", ctx.headers().get("X-Method"));
    }
  }

  @Test
  void skipsMissingValues() throws Exception {
    HeaderInjectionPlugin.Builder builder =
        HeaderInjectionPlugin.builder()
            .integration(HeaderValue.sessionAttribute("integration"))
            .model("")
            .timeout(ctx -> "")
            .header("X-None", ctx -> null)
            .header("X-Empty", "");
    assertEquals(4, sent(builder, BARE).size());
  }

  @Test
  void countsAnEmptyAgentAndModelAsMissing() throws Exception {
    Session empty = Session.builder("s-1").agent("").model("").build();
    assertEquals(
        sent(HeaderInjectionPlugin.builder(), BARE), sent(HeaderInjectionPlugin.builder(), empty));
  }

  @Test
  void overwritesWhatTheClientSentUnderItsNames() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get("r-1", FULL)
            .header("x-headgate-session-id", "forged")
            .header("Accept", "*/*")
            .header("X-HEADGATE-SESSION-ID", "forged too")
            .header("X-Headgate-CLI-Model", "forged")
            .header("X-Team", "forged");
    Interceptor interceptor =
        interceptor(HeaderInjectionPlugin.builder().header("X-Team", "core"), FULL);
    ctx.sendThrough(interceptor);
    assertEquals(List.of("s-2"), ctx.headers().all("X-Headgate-Session-ID"));
    assertEquals(List.of("model-7"), ctx.headers().all("X-Headgate-CLI-Model"));
    assertEquals(List.of("core"), ctx.headers().all("X-Team"));
    assertEquals("*/*", ctx.headers().get("Accept"));
    assertFalse(ctx.headers().lines().toString().contains("forged"));
  }

  @Test
  void removesWhatTheClientSentWhereItHasNoValue() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get("r-1", BARE)
            .header("X-Headgate-Integration", "forged")
            .header("x-headgate-cli-timeout", "forged")
            .header("x-headgate-cli-model", "forged")
            .header("X-None", "forged");
    ctx.sendThrough(
        interceptor(HeaderInjectionPlugin.builder().header("X-None", call -> null), BARE));
    assertFalse(ctx.headers().lines().toString().contains("forged"));
  }

  @Test
  void leavesOtherFieldsAlone() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get("r-1", BARE).header("X-Acme-CLI", "mine").header("User-Agent", "u");
    ctx.sendThrough(interceptor(HeaderInjectionPlugin.builder(), BARE));
    assertEquals("mine", ctx.headers().get("X-Acme-CLI"));
    assertEquals(List.of("u"), ctx.headers().all("User-Agent"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret\r\nX-Evil: 1", "secret\n", "secret\u0000", " secret", "s\u20acret"})
  void failsOnAnIllegalValueOfAFunctionWithoutShowingIt(String value) {
    Interceptor interceptor =
        interceptor(HeaderInjectionPlugin.builder().header("X-Bad", ctx -> value), BARE);
    RuntimeException fault =
        assertThrows(
            IllegalArgumentException.class,
            () -> FakeProxyContext.get("r-1", BARE).onRequest(interceptor));
    assertTrue(fault.getMessage().contains("X-Bad"), fault.getMessage());
    assertFalse(fault.getMessage().contains("ecret"), fault.getMessage());
  }

  @Test
  void letsWhatAFunctionThrowsThrough() {
    RuntimeException reason = new IllegalStateException("boom");
    Interceptor interceptor =
        interceptor(
            HeaderInjectionPlugin.builder()
                .header(
                    "X-Bad",
                    ctx -> {
                      throw reason;
                    }),
            BARE);
    assertSame(
        reason,
        assertThrows(
            IllegalStateException.class,
            () -> FakeProxyContext.get("r-1", BARE).onRequest(interceptor)));
  }

  @Test
  void refusesASessionWhoseValuesCannotBeSent() {
    Session bad = Session.builder("id\r\nX: y").agent("\u4f60").model("m\u0007").build();
    HeaderInjectionPlugin.Builder builder = HeaderInjectionPlugin.builder();
    String message =
        assertThrows(IllegalArgumentException.class, () -> interceptor(builder, bad)).getMessage();
    for (String part :
        List.of("header-injection", "-Session-ID'", "-CLI'", "-Client'", "-CLI-Model'")) {
      assertTrue(message.contains(part), part + " is not in: " + message);
    }
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void reportsAllMistakesOfTheBuilderAtOnce() {
    HeaderInjectionPlugin.Builder builder =
        HeaderInjectionPlugin.builder()
            .prefix("Bad Prefix")
            .cli("", "1")
            .client("")
            .integration("line\nbreak")
            .timeout(Duration.ofMillis(1500))
            .header("X Y", "v")
            .header("Transfer-Encoding", "chunked")
            .header("X-Twice", "1")
            .header("x-twice", ctx -> "2")
            .header("X-Headgate-CLI", "own")
            .header("X-Blank", "secret ");
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    for (String part :
        List.of(
            "header-injection",
            "'Bad Prefix'",
            "name and version of the CLI",
            "client must not be empty",
            "-Integration'",
            "PT1.5S",
            "'X Y'",
            "'Transfer-Encoding'",
            "'x-twice' is set twice",
            "'X-Headgate-CLI' is set twice",
            "'X-Blank'")) {
      assertTrue(message.contains(part), part + " is not in: " + message);
    }
    assertFalse(message.contains("secret"), message);
    assertFalse(message.contains("\n"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "\u00e4", "a\r\n"})
  void refusesAPrefixThatIsNoToken(String prefix) {
    HeaderInjectionPlugin.Builder builder = HeaderInjectionPlugin.builder().prefix(prefix);
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    assertTrue(message.contains("prefix"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT1.000000001S"})
  void refusesATimeoutThatIsNotWholeSeconds(String timeout) {
    HeaderInjectionPlugin.Builder builder =
        HeaderInjectionPlugin.builder().timeout(Duration.parse(timeout));
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void judgesALaterTimeoutOnly() {
    HeaderInjectionPlugin.builder().timeout(Duration.ZERO).timeout(Duration.ofSeconds(1)).build();
  }

  @Test
  void refusesNullAtOnce() {
    HeaderInjectionPlugin.Builder builder = HeaderInjectionPlugin.builder();
    assertThrows(NullPointerException.class, () -> builder.prefix(null));
    assertThrows(NullPointerException.class, () -> builder.cli(null, "1"));
    assertThrows(NullPointerException.class, () -> builder.cli("a", null));
    assertThrows(NullPointerException.class, () -> builder.client(null));
    assertThrows(NullPointerException.class, () -> builder.model((String) null));
    assertThrows(NullPointerException.class, () -> builder.integration((HeaderValue) null));
    assertThrows(NullPointerException.class, () -> builder.header(null, "v"));
    assertThrows(NullPointerException.class, () -> builder.header("X", (String) null));
  }

  @Test
  void isNotChangedByItsBuilderAfterwards() throws Exception {
    HeaderInjectionPlugin.Builder builder = HeaderInjectionPlugin.builder();
    HeaderInjectionPlugin plugin = builder.build();
    builder.header("X-Later", "v");
    FakeProxyContext ctx = FakeProxyContext.get("r-1", BARE);
    ctx.sendThrough(plugin.createInterceptor(new FakePluginContext().session(BARE)));
    assertNull(ctx.headers().get("X-Later"));
  }

  @Test
  void keepsTheSessionsOfTwoProxiesApart() throws Exception {
    HeaderInjectionPlugin plugin = HeaderInjectionPlugin.builder().build();
    for (Session session : List.of(BARE, FULL)) {
      FakeProxyContext ctx = FakeProxyContext.get("r-1", session);
      ctx.sendThrough(plugin.createInterceptor(new FakePluginContext().session(session)));
      assertEquals(session.id(), ctx.headers().get("X-Headgate-Session-ID"));
    }
  }

  @Test
  void allocatesNothingForARequest() throws Exception {
    Interceptor interceptor = interceptor(HeaderInjectionPlugin.builder().cli("a", "1"), FULL);
    FakeProxyContext ctx = FakeProxyContext.get("r-1", FULL);
    assertSame(RequestDecision.proceed(), ctx.onRequest(interceptor));
    double bytes =
        Allocation.bytesPerRun(
            () -> {
              ctx.headers().clear();
              ctx.onRequest(interceptor);
            });
    assertTrue(bytes < 1, bytes + " bytes for each request");
  }
}
