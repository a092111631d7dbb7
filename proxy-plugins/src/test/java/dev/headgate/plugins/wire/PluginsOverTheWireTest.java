package dev.headgate.plugins.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.Session;
import dev.headgate.plugins.auth.SsoAuthPlugin;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import dev.headgate.plugins.logging.LogFile;
import dev.headgate.plugins.logging.LoggingPlugin;
import dev.headgate.plugins.metrics.MetricsSyncPlugin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bundled plugin in a real proxy, between a real client and a real upstream. */
class PluginsOverTheWireTest {
  private static final Session SESSION =
      Session.builder("session-1").agent("acme-cli").provider("acme").model("m-1").build();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private WireUpstream upstream;

  @TempDir Path directory;

  @BeforeEach
  void open() throws IOException {
    upstream = new WireUpstream();
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  private ProxyBuilder proxy() {
    return Proxy.builder().session(SESSION).route("/**", upstream.url());
  }

  private HttpResponse<String> get(Proxy proxy, String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(proxy.uri().resolve(path));
    if (headers.length > 0) request.headers(headers);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static Credentials cookies(String value) {
    return new Credentials(Map.of("sid", value), null);
  }

  @Test
  void ssoCookiesJoinTheClientsOwn() throws Exception {
    try (Proxy proxy =
        proxy()
            .credentials(CredentialsSupplier.of(cookies("secret")))
            .plugin(SsoAuthPlugin.create())
            .start()) {
      assertEquals(200, get(proxy, "/", "Cookie", "theme=dark; sid=stale").statusCode());
    }
    List<String> lines = upstream.take().headers().get("Cookie");
    assertEquals(1, lines.size());
    assertTrue(lines.get(0).contains("sid=secret"), "the supplier's cookie");
    assertTrue(lines.get(0).contains("theme=dark"), "the client's cookie");
    assertFalse(lines.get(0).contains("stale"), "the client's cookie of the same name");
  }

  @Test
  void ssoAddsNothingWithoutCredentials() throws Exception {
    try (Proxy proxy = proxy().plugin(SsoAuthPlugin.create()).start()) {
      assertEquals(200, get(proxy, "/").statusCode());
    }
    assertNull(upstream.take().headers().get("Cookie"));
  }

  @Test
  void ssoThatCantLoadFailsClosed() throws Exception {
    CredentialsSupplier broken =
        reload -> CompletableFuture.failedFuture(new IOException("vault sealed: secret"));
    try (Proxy proxy = proxy().credentials(broken).plugin(SsoAuthPlugin.create()).start()) {
      HttpResponse<String> response = get(proxy, "/");
      assertEquals(500, response.statusCode());
      assertTrue(response.body().contains("\"plugin\":\"sso-auth\""), response.body());
      assertFalse(response.body().contains("secret"));
      assertEquals(0, upstream.waiting());
    }
  }

  @Test
  void ssoReloadsAfterTheUpstreamRefused() throws Exception {
    AtomicInteger reloads = new AtomicInteger();
    CredentialsSupplier renewing =
        reload ->
            CompletableFuture.completedFuture(
                Optional.of(cookies(reload ? "v" + reloads.incrementAndGet() : "v0")));
    try (Proxy proxy = proxy().credentials(renewing).plugin(SsoAuthPlugin.create()).start()) {
      upstream.status = 401;
      assertEquals(401, get(proxy, "/").statusCode());
      upstream.status = 200;
      assertEquals(200, get(proxy, "/").statusCode());
    }
    assertEquals("sid=v0", upstream.take().headers().getFirst("Cookie"));
    assertEquals("sid=v1", upstream.take().headers().getFirst("Cookie"));
  }

  @Test
  void headersAreInjectedAndCantBeSpoofed() throws Exception {
    HeaderInjectionPlugin plugin =
        HeaderInjectionPlugin.builder()
            .prefix("Acme")
            .cli("acme-cli", "1.2.3")
            .client("acme-client")
            .integration("ide")
            .model("m-1")
            .timeout(Duration.ofSeconds(90))
            .header("X-Team", "blue")
            .build();
    try (Proxy proxy = proxy().plugin(plugin).start()) {
      get(proxy, "/", "X-Acme-Session-ID", "spoofed", "X-Acme-Client", "spoofed");
    }
    WireUpstream.Seen seen = upstream.take();
    assertNotNull(seen.headers().getFirst("X-Acme-CLI"));
    assertEquals(List.of("acme-client"), seen.headers().get("X-Acme-Client"));
    assertEquals(36, seen.headers().getFirst("X-Acme-Request-ID").length());
    assertEquals(List.of("session-1"), seen.headers().get("X-Acme-Session-ID"));
    assertEquals("ide", seen.headers().getFirst("X-Acme-Integration"));
    assertEquals("m-1", seen.headers().getFirst("X-Acme-CLI-Model"));
    assertEquals("90", seen.headers().getFirst("X-Acme-CLI-Timeout"));
    assertEquals("blue", seen.headers().getFirst("X-Team"));
  }

  @Test
  void theLogFileTellsAllButSecrets() throws Exception {
    LoggingPlugin plugin =
        LoggingPlugin.builder().everyChunk(1).file(LogFile.in(directory)).build();
    try (Proxy proxy = proxy().plugin(plugin).start()) {
      get(
          proxy,
          "/v1/models?key=confidential&page=2",
          "Authorization",
          "Bearer confidential",
          "Cookie",
          "sid=confidential");
    }
    String log = read(directory, "debug-");
    assertTrue(log.contains("/v1/models"), log);
    assertTrue(log.contains("page=2"), log);
    assertTrue(log.contains("200"), log);
    assertFalse(log.contains("confidential"), log);
  }

  @Test
  void metricsAreFlushedAtStop() throws Exception {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder()
            .directory(directory)
            .endpoint(URI.create(upstream.url() + "/metrics"))
            .providers("acme")
            .build();
    try (Proxy proxy =
        proxy().credentials(CredentialsSupplier.of(cookies("secret"))).plugin(plugin).start()) {
      get(proxy, "/a");
      get(proxy, "/b");
      upstream.take();
      upstream.take();
    }
    WireUpstream.Seen posted = upstream.take();
    assertEquals("POST", posted.method());
    assertEquals("/metrics", posted.path());
    assertNotNull(posted.headers().getFirst("Idempotency-Key"));
    assertEquals("sid=secret", posted.headers().getFirst("Cookie"));
    assertTrue(posted.body().contains("proxy_session_usage"), posted.body());
    String log = read(directory, "session-1_metrics");
    assertTrue(log.contains("synced"), log);
    assertFalse(log.contains("\"pending\""), log);
    assertTrue(Files.exists(directory.resolve("session-1.json")));
  }

  @Test
  void metricsKeepWhatTheApiDidNotTake() throws Exception {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder()
            .directory(directory)
            .endpoint(URI.create(upstream.url() + "/metrics"))
            .build();
    upstream.status = 403;
    try (Proxy proxy = proxy().plugin(plugin).start()) {
      get(proxy, "/a");
    }
    assertFalse(read(directory, "session-1_metrics").contains("\"synced\""));
  }

  private static String read(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith(prefix))
              .filter(path -> !path.getFileName().toString().endsWith(".lock"))
              .findFirst()
              .orElseThrow();
      return Files.readString(file);
    }
  }
}
