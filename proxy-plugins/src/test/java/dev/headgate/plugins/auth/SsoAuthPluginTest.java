package dev.headgate.plugins.auth;

import static dev.headgate.plugins.auth.FakeSupplier.cookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.RequestDecision;
import dev.headgate.plugins.support.Allocation;
import dev.headgate.plugins.support.FakePluginContext;
import dev.headgate.plugins.support.FakeProxyContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsoAuthPluginTest {
  private static Interceptor interceptor(SsoAuthPlugin plugin, CredentialsSupplier supplier) {
    return plugin.createInterceptor(new FakePluginContext().credentials(supplier));
  }

  private static Interceptor interceptor(Credentials credentials) {
    return interceptor(SsoAuthPlugin.create(), CredentialsSupplier.of(credentials));
  }

  @Test
  void declaresItselfAsAuthentication() {
    PluginMetadata metadata = SsoAuthPlugin.create().metadata();
    assertEquals("sso-auth", metadata.id());
    assertEquals(10, metadata.priority());
    assertEquals(FailurePolicy.FAIL_CLOSED, metadata.failurePolicy());
    assertEquals(Duration.ofSeconds(30), metadata.hookDeadline());
    assertFalse(metadata.blocking());
  }

  @Test
  void asksTheSupplierNothingBeforeTheFirstRequest() {
    FakeSupplier supplier = new FakeSupplier();
    interceptor(SsoAuthPlugin.create(), supplier);
    assertEquals(List.of(), supplier.reloads);
  }

  @Test
  void addsTheSuppliersCookiesInTheirOrder() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get().sendThrough(interceptor(cookies("sid", "s1", "role", "admin")));
    assertEquals(List.of("Cookie: sid=s1; role=admin"), ctx.headers().lines());
  }

  @Test
  void leavesTheRequestAloneWithoutCredentials() throws Exception {
    Interceptor interceptor = interceptor(SsoAuthPlugin.create(), CredentialsSupplier.none());
    FakeProxyContext ctx =
        FakeProxyContext.get().header("cookie", "a=1;b=2").header("Cookie", "c=3");
    ctx.sendThrough(interceptor);
    assertEquals(List.of("cookie: a=1;b=2", "Cookie: c=3"), ctx.headers().lines());
    assertEquals(List.of(), FakeProxyContext.get().sendThrough(interceptor).headers().lines());
  }

  @Test
  void leavesTheRequestAloneWithCredentialsOfNoCookies() throws Exception {
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "a=1");
    ctx.sendThrough(interceptor(cookies()));
    assertEquals(List.of("Cookie: a=1"), ctx.headers().lines());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1; b=2 | sid=s1; role=r; a=1; b=2",
        "sid=forged | sid=s1; role=r",
        "a=1; sid=forged; b=2 | sid=s1; role=r; a=1; b=2",
        "a=1;sid=forged;b=2 | sid=s1; role=r; a=1; b=2",
        "sid = forged; a=1 | sid=s1; role=r; a=1",
        "sid; a=1 | sid=s1; role=r; a=1",
        "SID=other | sid=s1; role=r; SID=other",
        "sid=x; sid=y; role=z | sid=s1; role=r",
        "a=1; a=2 | sid=s1; role=r; a=1; a=2",
        ";; a=1 ; ; | sid=s1; role=r; a=1",
        "a=x=y=sid | sid=s1; role=r; a=x=y=sid",
        "a=\"x; sid=forged\" | sid=s1; role=r; a=\"x",
        "plain | sid=s1; role=r; plain",
        "=empty | sid=s1; role=r; =empty",
        "'' | sid=s1; role=r",
      })
  void mergesWithTheClientsCookies(String client, String sent) throws Exception {
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", client);
    ctx.sendThrough(interceptor(cookies("sid", "s1", "role", "r")));
    assertEquals(List.of("Cookie: " + sent), ctx.headers().lines());
  }

  @Test
  void joinsSeveralCookieLinesWhereTheFirstStood() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get()
            .header("cookie", "a=1")
            .header("Accept", "*/*")
            .header("COOKIE", "sid=forged; b=2")
            .header("Cookie", "c=3");
    ctx.sendThrough(interceptor(cookies("sid", "s1")));
    assertEquals(List.of("Cookie: sid=s1; a=1; b=2; c=3", "Accept: */*"), ctx.headers().lines());
  }

  @Test
  void acceptsAQuotedValueAndAnEmptyOne() throws Exception {
    FakeProxyContext ctx =
        FakeProxyContext.get().sendThrough(interceptor(cookies("q", "\"v\"", "e", "")));
    assertEquals("q=\"v\"; e=", ctx.headers().get("Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "se\r\nX-Evil: 1",
        "se cret",
        "se;cret",
        "se,cret",
        "se\\cret",
        "se\"cret",
        "\"secret",
        "\"",
        "s\u00e9cret",
        "se\u0000cret",
        "secret\t",
        " secret"
      })
  void failsOnAnIllegalCookieValueWithoutShowingIt(String value) {
    Interceptor interceptor = interceptor(cookies("ok", "fine", "sid", value));
    FakeProxyContext ctx = FakeProxyContext.get();
    RuntimeException fault =
        assertThrows(CredentialsException.class, () -> ctx.onRequest(interceptor));
    assertTrue(fault.getMessage().contains("'sid'"), fault.getMessage());
    assertTrue(fault.getMessage().contains("RFC 6265"), fault.getMessage());
    assertFalse(fault.toString().contains("cret"), fault.getMessage());
    assertFalse(fault.toString().contains("fine"), fault.getMessage());
    assertFalse(fault.toString().contains("\n"), fault.getMessage());
    assertEquals(List.of(), ctx.headers().lines());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a=b", "a;b", "a\r\nb", "\u00e4"})
  void failsOnAnIllegalCookieName(String name) {
    Interceptor interceptor = interceptor(cookies(name, "hidden"));
    RuntimeException fault =
        assertThrows(
            CredentialsException.class, () -> FakeProxyContext.get().onRequest(interceptor));
    assertTrue(fault.getMessage().contains("cookie name must be a token"), fault.getMessage());
    assertFalse(fault.getMessage().contains("hidden"), fault.getMessage());
    assertFalse(fault.getMessage().contains("\n"), fault.getMessage());
  }

  @Test
  void namesAllIllegalCookiesAtOnce() {
    Interceptor interceptor = interceptor(cookies("a b", "1", "c", "x y", "d", null));
    String message =
        assertThrows(
                CredentialsException.class, () -> FakeProxyContext.get().onRequest(interceptor))
            .getMessage();
    assertTrue(message.contains("'a b'"), message);
    assertTrue(message.contains("'c'"), message);
    assertTrue(message.contains("'d'"), message);
  }

  @Test
  void sendsOnlyTheCookiesAskedFor() throws Exception {
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().cookies("sid", "absent").build();
    Interceptor interceptor =
        interceptor(
            plugin, CredentialsSupplier.of(cookies("other", "not legal", "sid", "s1", "x", "2")));
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "other=mine; sid=forged");
    ctx.sendThrough(interceptor);
    assertEquals("sid=s1; other=mine", ctx.headers().get("Cookie"));
  }

  @Test
  void countsCredentialsWithoutACookieAskedForAsNone() throws Exception {
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().cookies("sid").build();
    FakeProxyContext ctx = FakeProxyContext.get().header("Cookie", "sid=mine");
    ctx.sendThrough(interceptor(plugin, CredentialsSupplier.of(cookies("other", "1"))));
    assertEquals("sid=mine", ctx.headers().get("Cookie"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1, true",
    "/v1/, true",
    "/v1/models, true",
    "/v10, false",
    "/V1, false",
    "/, false",
    "*, false",
    "/sso, true",
    "/sso/login, true",
    "/ssologin, false",
    "/%761/models, false"
  })
  void sendsCookiesToThePathsAskedForOnly(String path, boolean sent) throws Exception {
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().paths("/v1", "/sso/").build();
    FakeSupplier supplier = new FakeSupplier().thenGive(cookies("sid", "s1"));
    FakeProxyContext ctx = FakeProxyContext.get().path(path);
    ctx.sendThrough(interceptor(plugin, supplier));
    assertEquals(sent, ctx.headers().contains("Cookie"));
    assertEquals(sent ? 1 : 0, supplier.reloads.size());
  }

  @Test
  void sendsCookiesToEveryPathByDefault() throws Exception {
    for (String path : List.of("/", "*", "/a/b")) {
      FakeProxyContext ctx = FakeProxyContext.get().path(path);
      assertTrue(ctx.sendThrough(interceptor(cookies("sid", "s1"))).headers().contains("Cookie"));
    }
    FakeProxyContext root = FakeProxyContext.get().path("/a");
    SsoAuthPlugin plugin = SsoAuthPlugin.builder().paths("/").build();
    root.sendThrough(interceptor(plugin, CredentialsSupplier.of(cookies("sid", "s1"))));
    assertTrue(root.headers().contains("Cookie"));
  }

  @Test
  void reportsAllMistakesOfTheBuilderAtOnce() {
    SsoAuthPlugin.Builder builder =
        SsoAuthPlugin.builder()
            .cookies("a b")
            .paths("v1", "/v1/**", "/a b")
            .reloadOn(200, 401)
            .loadTimeout(Duration.ZERO);
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    for (String part : List.of("'a b'", "'v1'", "'/v1/**'", "'/a b'", "200", "PT0S", "sso-auth")) {
      assertTrue(message.contains(part), part + " is not in: " + message);
    }
    assertFalse(message.contains("401"), message);
  }

  @Test
  void refusesNullAtOnce() {
    assertThrows(NullPointerException.class, () -> SsoAuthPlugin.builder().loadTimeout(null));
    assertThrows(NullPointerException.class, () -> SsoAuthPlugin.builder().cookies((String) null));
    assertThrows(NullPointerException.class, () -> SsoAuthPlugin.builder().paths((String) null));
  }

  @Test
  void showsNoValueInAnyText() throws Exception {
    FakeSupplier supplier = new FakeSupplier();
    Interceptor interceptor = interceptor(SsoAuthPlugin.create(), supplier);
    FakeProxyContext ctx = FakeProxyContext.get();
    RequestDecision later = ctx.onRequest(interceptor);
    supplier.answer(0, cookies("sid", "TOPSECRET"));
    Object decision = ((RequestDecision.Later) later).stage().toCompletableFuture().getNow(null);
    SessionCookies cookies = SessionCookies.of(cookies("sid", "TOPSECRET"), Set.of());
    for (Object object : List.of(later, decision, interceptor, cookies)) {
      assertFalse(object.toString().contains("TOPSECRET"), object.toString());
    }
    assertEquals("SessionCookies[sid]", cookies.toString());
  }

  @Test
  void keepsProxiesApart() throws Exception {
    SsoAuthPlugin plugin = SsoAuthPlugin.create();
    Interceptor first = interceptor(plugin, CredentialsSupplier.of(cookies("sid", "1")));
    Interceptor second = interceptor(plugin, CredentialsSupplier.of(cookies("sid", "2")));
    assertEquals("sid=1", FakeProxyContext.get().sendThrough(first).headers().get("Cookie"));
    assertEquals("sid=2", FakeProxyContext.get().sendThrough(second).headers().get("Cookie"));
  }

  @Test
  void allocatesNothingOnceTheCredentialsAreLoaded() throws Exception {
    Interceptor interceptor = interceptor(cookies("sid", "s1"));
    FakeProxyContext ctx = FakeProxyContext.get().status(401);
    assertSame(RequestDecision.proceed(), ctx.onRequest(interceptor));
    ctx.status(200);
    double bytes =
        Allocation.bytesPerRun(
            () -> {
              ctx.headers().clear();
              ctx.onRequest(interceptor);
              interceptor.onResponseHeaders(ctx);
            });
    assertEquals("sid=s1", ctx.headers().get("Cookie"));
    assertTrue(bytes < 1, bytes + " bytes for each request");
  }
}
