package dev.headgate.wasm.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.api.FailurePolicy;
import dev.headgate.wasm.WasmPlugin;
import dev.headgate.wasm.runtime.WasmLimits;
import dev.headgate.wasm.runtime.WasmTrapException.Reason;
import dev.headgate.wasm.support.Guests;
import dev.headgate.wasm.support.Upstream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that never ends, in each hook of a real proxy. */
class HostileOverTheWireTest {
  /** By fuel, which no pause of the machine can use up. */
  private static final WasmLimits FUEL =
      WasmLimits.builder()
          .fuel(100_000)
          .deadline(Duration.ofSeconds(20))
          .startDeadline(Duration.ofSeconds(20))
          .build();

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

  private static WasmPlugin spinning(String hook, FailurePolicy policy, WasmLimits limits)
      throws Exception {
    return WasmPlugin.builder(Guests.test("spin"))
        .config(hook, "yes")
        .limits(limits)
        .metadata(m -> m.failurePolicy(policy))
        .build();
  }

  private Proxy proxy(WasmPlugin plugin) {
    return Proxy.builder().route("/**", upstream.url()).plugin(plugin).start();
  }

  private HttpResponse<String> post(Proxy proxy) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(proxy.uri())
            .POST(HttpRequest.BodyPublishers.ofString("body"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on_request",
        "on_request_chunk",
        "on_response_headers",
        "on_response_chunk",
        "on_response_complete"
      })
  void failsOpenAndTheNextRequestWorks(String hook) throws Exception {
    WasmPlugin plugin = spinning(hook, FailurePolicy.FAIL_OPEN, FUEL);
    try (Proxy proxy = proxy(plugin)) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> response = post(proxy);
        assertEquals(200, response.statusCode());
        assertEquals("body", response.body());
        assertEquals("body", upstream.take().body());
      }
    }
    assertEquals(Map.of(Reason.FUEL, 2L), plugin.status().failures());
    assertEquals(0, plugin.status().instances());
  }

  @ParameterizedTest
  @CsvSource({"on_request, 0", "on_request_chunk, 0", "on_response_headers, 1"})
  void failsClosed(String hook, int asked) throws Exception {
    WasmPlugin plugin = spinning(hook, FailurePolicy.FAIL_CLOSED, FUEL);
    try (Proxy proxy = proxy(plugin)) {
      HttpResponse<String> response = post(proxy);
      assertEquals(500, response.statusCode());
      assertTrue(response.body().contains("\"plugin\":\"spin\""), response.body());
    }
    assertTrue(upstream.waiting() <= asked, "requests that reached the upstream");
    assertEquals(Map.of(Reason.FUEL, 1L), plugin.status().failures());
  }

  @Test
  void failsClosedInTheMiddleOfAResponse() throws Exception {
    WasmPlugin plugin = spinning("on_response_chunk", FailurePolicy.FAIL_CLOSED, FUEL);
    try (Proxy proxy = proxy(plugin)) {
      try {
        assertEquals(500, post(proxy).statusCode(), "the response had not begun");
      } catch (IOException expected) {
        assertTrue(upstream.take().body().contains("body"), "it had, and was aborted");
      }
    }
  }

  @Test
  void deadlineEndsItOnTheWireToo() throws Exception {
    WasmLimits limits =
        WasmLimits.builder()
            .fuel(Long.MAX_VALUE / 2)
            .deadline(Duration.ofMillis(50))
            .startDeadline(Duration.ofSeconds(20))
            .build();
    WasmPlugin plugin = spinning("on_request", FailurePolicy.FAIL_CLOSED, limits);
    try (Proxy proxy = proxy(plugin)) {
      assertEquals(500, post(proxy).statusCode());
    }
    assertEquals(Map.of(Reason.DEADLINE, 1L), plugin.status().failures());
  }
}
