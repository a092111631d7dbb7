package dev.headgate.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Hook;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.testkit.HarnessResult;
import dev.headgate.testkit.PluginHarness;
import dev.headgate.testkit.PluginSession;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmLoadException;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests as plugins, in the real engine without sockets. */
class WasmPluginTest {
  private static WasmPlugin answering(String hook, String answer) throws WasmLoadException {
    return Guests.plugin(Guests.test("answers"))
        .config(hook, answer)
        .metadata(m -> m.failurePolicy(FailurePolicy.FAIL_CLOSED))
        .build();
  }

  private static HarnessResult run(ProxyPlugin plugin) {
    return PluginHarness.with(plugin)
        .request("GET", "/path?q=1")
        .header("X-Old", "old")
        .upstreamAnswers(200, "hello")
        .run();
  }

  @Test
  void answerChangesTheRequest() throws Exception {
    HarnessResult result =
        run(
            answering(
                "on_request",
"""
{"method": "PUT", "path": "/other", "query": "x=2",
 "headers": {"remove": ["x-old"], "set": {"X-New": "a"}, "add": {"X-New": ["b", "c"]}}}
"""));
    assertEquals(0, result.faults(), result.toString());
    assertEquals("PUT", result.upstream().method());
    assertEquals("/other?x=2", result.upstream().target());
    assertNull(result.upstream().headers().get("X-Old"));
    assertEquals("[a, b, c]", result.upstream().headers().all("X-New").toString());
  }

  @Test
  void answerChangesTheResponse() throws Exception {
    HarnessResult result =
        run(
            answering(
                "on_response_headers",
                "{\"status\": 202, \"headers\": {\"set\": {\"A\": \"b\"}}}"));
    assertEquals(202, result.status());
    assertEquals("b", result.header("A"));
    assertEquals("hello", result.text());
  }

  @Test
  void answerReplacesTheResponse() throws Exception {
    HarnessResult result =
        run(
            answering(
                "on_response_headers", "{\"response\": {\"status\": 203, \"body\": \"own\"}}"));
    assertEquals(203, result.status());
    assertEquals("own", result.text());
    assertEquals("text/plain; charset=utf-8", result.header("Content-Type"));
  }

  @Test
  void answerEndsTheExchangeWithAnError() throws Exception {
    HarnessResult result =
        run(
            answering(
                "on_request",
                "{\"error\": {\"status\": 429, \"code\": \"quota\", \"detail\": \"Enough.\"}}"));
    assertEquals(429, result.status());
    assertTrue(result.text().contains("\"code\":\"quota\""), result.text());
    assertTrue(result.text().contains("Enough."), result.text());
    assertFalse(result.upstreamAsked());
    assertEquals(0, result.faults(), "to refuse is no fault");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{",
        "[1]",
        "{\"unknown\": 1}",
        "{\"headers\": []}",
        "{\"headers\": {\"set\": {\"A\": 1}}}",
        "{\"headers\": {\"set\": {\"A\": \"x\\r\\nB: y\"}}}",
        "{\"headers\": {\"set\": {\"A B\": \"x\"}}}",
        "{\"path\": \"no slash\"}",
        "{\"method\": \"G T\"}",
        "{\"query\": \"a b\"}",
        "{\"response\": {}}",
        "{\"response\": {\"status\": 700}}",
        "{\"response\": {\"status\": 99999999999}}",
        "{\"error\": {\"status\": 200}}",
        "{\"error\": {\"status\": 400, \"code\": \"No Code\"}}",
      })
  void illegalAnswerIsAFaultWithoutTrace(String answer) throws Exception {
    HarnessResult closed = run(answering("on_request", answer));
    assertEquals(500, closed.status(), answer);
    assertEquals(1, closed.faults());
    WasmPlugin open = Guests.plugin(Guests.test("answers")).config("on_request", answer).build();
    HarnessResult result = run(open);
    assertEquals("hello", result.text());
    assertEquals("/path?q=1", result.upstream().target());
    assertEquals("old", result.upstream().headers().get("X-Old"));
    assertNull(result.upstream().headers().get("A"));
  }

  @ParameterizedTest
  @EnumSource(FailurePolicy.class)
  void attackEndsAsThePolicySaysAndTheNextRequestWorks(FailurePolicy policy) throws Exception {
    WasmPlugin plugin =
        Guests.plugin(Guests.test("header-flood")).metadata(m -> m.failurePolicy(policy)).build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      HarnessResult attacked = proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
      assertEquals(policy == FailurePolicy.FAIL_OPEN ? 200 : 500, attacked.status());
      assertEquals(1, attacked.faults());
      plugin.reload(Guests.bytes(Guests.example("header-modifier")));
      HarnessResult next = proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
      assertEquals(200, next.status());
      assertEquals("header-modifier", next.upstream().headers().get("X-Passed"));
    }
    assertEquals(Map.of(Reason.REFUSED, 1L), plugin.status().failures());
    assertEquals(0, plugin.status().instances(), "the broken one and the other are gone");
  }

  @Test
  void guestsAndJavaPluginsShareAttributes() throws Exception {
    AtomicReference<String> seen = new AtomicReference<>();
    ProxyPlugin java =
        new ProxyPlugin() {
          @Override
          public PluginMetadata metadata() {
            return PluginMetadata.builder("java").priority(600).build();
          }

          @Override
          public Interceptor createInterceptor(PluginContext context) {
            return new Interceptor() {
              @Override
              public RequestDecision onRequest(ProxyContext ctx) {
                seen.set(GuestAttributes.get(ctx.attributes(), "request-counter.number"));
                return RequestDecision.proceed();
              }

              @Override
              public ResponseDecision onResponseHeaders(ProxyContext ctx) {
                GuestAttributes.put(ctx.attributes(), "request-counter.number", "42");
                return ResponseDecision.proceed();
              }
            };
          }
        };
    WasmPlugin counter = Guests.plugin(Guests.example("request-counter")).build();
    HarnessResult result =
        PluginHarness.with(counter)
            .and(java)
            .request("GET", "/")
            .upstreamAnswers(200, "hello")
            .run();
    assertEquals("1", seen.get());
    assertEquals("42", result.header("X-Request-Number"), "what the Java plugin put there");
  }

  @Test
  void settingsOfTheProxyComeOverTheConfiguration() throws Exception {
    WasmPlugin plugin =
        Guests.plugin(Guests.example("header-modifier")).config("team", "blue").build();
    HarnessResult result =
        PluginHarness.with(plugin)
            .setting("team", "red")
            .request("GET", "/")
            .upstreamAnswers(200, "hello")
            .run();
    assertEquals("red", result.upstream().headers().get("X-Team"));
  }

  @Test
  void bodiesKeepTheirLengthWhereNoChunkHookIsInUse() throws Exception {
    WasmPlugin heads = Guests.plugin(Guests.example("header-modifier")).build();
    HarnessResult result =
        PluginHarness.with(heads)
            .request("GET", "/")
            .upstreamHeader("Content-Length", "5")
            .upstreamAnswers(200, "hello")
            .run();
    assertEquals("5", result.header("Content-Length"));
    WasmPlugin loggerWithoutChunks =
        Guests.plugin(Guests.example("example-logger")).hooks(Hook.REQUEST).build();
    assertEquals(Set.of(Hook.REQUEST), loggerWithoutChunks.status().hooks());
    assertEquals(
        WasmInterceptor.class,
        WasmInterceptor.of(
                new GuestPools(loggerWithoutChunks, FakeContext.create()),
                Set.of(Hook.REQUEST),
                FakeContext.create())
            .getClass());
  }

  @Test
  void everyCallCountsAndInstancesGoWithTheProxy() throws Exception {
    WasmPlugin plugin = Guests.plugin(Guests.example("header-modifier")).build();
    try (PluginSession proxy = PluginHarness.with(plugin).start()) {
      proxy.request("GET", "/").upstreamAnswers(200, "hello").run();
      assertEquals(2, plugin.status().calls());
      assertEquals(1, plugin.status().instances());
    }
    assertEquals(0, plugin.status().instances());
  }

  @Test
  void mistakesOfTheModuleNameFileAndSymbol() {
    assertRefused("no-abi", "does not export headgate_abi_v1");
    assertRefused("wrong-hook", "exports on_request as (i32) -> i64, but it must be () -> i32");
    assertRefused("wrong-hook", "exports on_error as () -> (), but it must be () -> i32");
    assertRefused("misspelled", "exports on_reqest, which is no hook: there are [on_connect,");
    assertRefused("leaving", "exports no hook, but needs at least one of [on_connect,");
    assertRefused("start-trap", "does not start");
    WasmLoadException notThere =
        assertThrows(
            WasmLoadException.class,
            () -> Guests.plugin(Guests.example("body-rewriter")).hooks(Hook.REQUEST).build());
    assertTrue(String.valueOf(notThere.getMessage()).contains("does not export on_request"));
    assertThrows(WasmLoadException.class, () -> Guests.plugin(Guests.test("missing")).build());
  }

  private static void assertRefused(String guest, String message) {
    WasmLoadException refused =
        assertThrows(WasmLoadException.class, () -> Guests.plugin(Guests.test(guest)).build());
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains(message), text);
    assertTrue(text.contains(guest + ".wasm"), text);
  }

  @Test
  void pinHoldsAtLoadAndAtReload() throws Exception {
    byte[] module = Guests.bytes(Guests.example("header-modifier"));
    String sha256 =
        Guests.plugin(module).id("free").build().status().sha256().toUpperCase(Locale.ROOT);
    WasmPlugin pinned = Guests.plugin(module).id("pinned").sha256(sha256).build();
    WasmLoadException refused =
        assertThrows(
            WasmLoadException.class,
            () -> pinned.reload(Guests.bytes(Guests.example("example-logger"))));
    assertTrue(String.valueOf(refused.getMessage()).contains("but is pinned to " + sha256));
    assertThrows(
        WasmLoadException.class,
        () -> Guests.plugin(Guests.example("example-logger")).sha256(sha256).build());
  }

  @Test
  void settingsAreCheckedAllAtOnce() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Guests.plugin(new byte[0]).watch(Duration.ZERO).sha256("beef").build());
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.contains("needs an id"), text);
    assertTrue(text.contains("no file to watch"), text);
    assertTrue(text.contains("must be above zero"), text);
    assertTrue(text.contains("'beef'"), text);
    IllegalArgumentException limits =
        assertInstanceOf(
            IllegalArgumentException.class,
            assertThrows(
                RuntimeException.class,
                () -> WasmLimits.builder().fuel(0).instances(-1).memoryPages(40_000).build()));
    assertTrue(String.valueOf(limits.getMessage()).contains("fuel must be 1 or more, but was 0"));
    assertTrue(String.valueOf(limits.getMessage()).contains("instances must be 1 or more"));
    assertTrue(String.valueOf(limits.getMessage()).contains("memoryPages must be 32767 at most"));
  }
}
