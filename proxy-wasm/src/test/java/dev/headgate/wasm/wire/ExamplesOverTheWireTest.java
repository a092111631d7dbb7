package dev.headgate.wasm.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.headgate.Proxy;
import dev.headgate.api.FailurePolicy;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.WasmPluginBuilder;
import dev.headgate.wasm.WasmRuntimes;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.Upstream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Each example between a real client and a real upstream, compiled and interpreted. */
class ExamplesOverTheWireTest {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .build();
  private Upstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new Upstream();
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  private static WasmPluginBuilder example(String name, boolean compiled) {
    return WasmPlugin.builder(Guests.example(name))
        .limits(Guests.PATIENT)
        .runtime(compiled ? WasmRuntimes.compiled() : WasmRuntimes.interpreted());
  }

  private Proxy proxy(WasmPlugin plugin) {
    return Proxy.builder().route("/**", upstream.url()).plugin(plugin).start();
  }

  private HttpResponse<String> get(Proxy proxy, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(proxy.uri().resolve(path));
    if (headers.length > 0) request.headers(headers);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(Proxy proxy, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(proxy.uri().resolve("/"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void exampleLoggerLogsEachHook(boolean compiled) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.headgate.plugin.example-logger");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (Proxy proxy = proxy(example("example-logger", compiled).build())) {
      assertEquals("body", post(proxy, "body").body());
    } finally {
      logger.detachAppender(lines);
    }
    List<String> logged = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertEquals("on_request", logged.get(0));
    assertEquals("on_response_complete", logged.get(logged.size() - 1));
    for (String hook : List.of("on_request_chunk", "on_response_headers", "on_response_chunk")) {
      assertTrue(logged.contains(hook), () -> hook + " is missing in " + logged);
    }
    assertTrue(Guests.bytes(Guests.example("example-logger")).length < 1024);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void headerModifierChangesFieldsBothWays(boolean compiled) throws Exception {
    WasmPlugin plugin = example("header-modifier", compiled).config("team", "blue").build();
    HttpResponse<String> response;
    try (Proxy proxy = proxy(plugin)) {
      response = get(proxy, "/", "X-Internal", "secret", "X-Team", "spoofed", "X-Passed", "first");
    }
    assertEquals("from upstream", response.body());
    assertEquals("headgate", response.headers().firstValue("X-Served-By").orElse(""));
    assertEquals(List.of(), response.headers().allValues("Server"));
    assertEquals("13", response.headers().firstValue("Content-Length").orElse(""));
    Upstream.Seen seen = upstream.take();
    assertEquals(List.of("blue"), seen.headers().get("X-Team"));
    assertEquals(List.of("first", "header-modifier"), seen.headers().get("X-Passed"));
    assertNull(seen.headers().get("X-Internal"));
    assertEquals(Map.of(), plugin.status().failures());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void requestCounterCountsInItsVariables(boolean compiled) throws Exception {
    try (Proxy proxy = proxy(example("request-counter", compiled).build())) {
      for (String number : List.of("1", "2", "3")) {
        HttpResponse<String> response = get(proxy, "/");
        assertEquals(number, response.headers().firstValue("X-Request-Number").orElse(""));
        assertEquals(number, upstream.take().headers().getFirst("X-Request-Number"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodyRewriterRewritesBothBodies(boolean compiled) throws Exception {
    String text = "grüße, chunk by chunk ".repeat(20_000);
    try (Proxy proxy = proxy(example("body-rewriter", compiled).build())) {
      HttpResponse<String> response = post(proxy, text);
      String expected = upper(text);
      assertEquals(expected, upstream.take().body());
      assertEquals(expected, response.body());
      assertEquals("FROM UPSTREAM", get(proxy, "/").body());
    }
  }

  private static String upper(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'a' && c <= 'z') out.setCharAt(i, (char) (c - 32));
    }
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void customResponseAnswersInPlaceOfTheUpstream(boolean compiled) throws Exception {
    WasmPlugin plugin =
        example("custom-response", compiled).config("name", "Wörld \"\\\n €").build();
    try (Proxy proxy = proxy(plugin)) {
      HttpResponse<String> response = get(proxy, "/hello");
      assertEquals(200, response.statusCode());
      assertEquals("Hello, Wörld \"\\\n €!\n", response.body());
      assertEquals("custom-response", response.headers().firstValue("X-Answered-By").orElse(""));
      assertEquals(0, upstream.waiting());
      assertEquals("from upstream", get(proxy, "/other").body());
      upstream.take();
    }
    assertEquals(Map.of(), plugin.status().failures());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void authGateRefusesWithoutTheToken(boolean compiled) throws Exception {
    WasmPlugin plugin =
        example("auth-gate", compiled)
            .config("token", "s3cret")
            .metadata(m -> m.priority(5).failurePolicy(FailurePolicy.FAIL_CLOSED))
            .build();
    try (Proxy proxy = proxy(plugin)) {
      for (String given : List.of("Bearer s3cre", "Bearer s3cret2", "bearer s3cret", "s3cret")) {
        HttpResponse<String> refused = get(proxy, "/", "Authorization", given);
        assertEquals(401, refused.statusCode(), given);
        assertTrue(refused.body().contains("A valid token is required."), refused.body());
        assertTrue(refused.body().contains("refused_by_plugin"), refused.body());
      }
      assertEquals(401, get(proxy, "/").statusCode());
      assertEquals(0, upstream.waiting());
      assertEquals(200, get(proxy, "/", "Authorization", "Bearer s3cret").statusCode());
      assertNull(upstream.take().headers().getFirst("Authorization"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void authGateWithoutConfigurationFailsClosed(boolean compiled) throws Exception {
    WasmPlugin plugin =
        example("auth-gate", compiled)
            .metadata(m -> m.failurePolicy(FailurePolicy.FAIL_CLOSED))
            .build();
    try (Proxy proxy = proxy(plugin)) {
      HttpResponse<String> response = get(proxy, "/", "Authorization", "Bearer ");
      assertEquals(500, response.statusCode());
      assertTrue(response.body().contains("\"plugin\":\"auth-gate\""), response.body());
      assertFalse(response.body().contains("505"), "the guest's error is for the log");
      assertEquals(0, upstream.waiting());
    }
    assertEquals(Map.of(Reason.GUEST_ERROR, 1L), plugin.status().failures());
  }
}
