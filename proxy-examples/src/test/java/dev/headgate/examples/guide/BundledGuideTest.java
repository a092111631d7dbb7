package dev.headgate.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.plugins.auth.SsoAuthPlugin;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import dev.headgate.plugins.headers.HeaderValue;
import dev.headgate.plugins.logging.LogFile;
import dev.headgate.plugins.logging.LoggingPlugin;
import dev.headgate.plugins.metrics.MetricsCollector;
import dev.headgate.plugins.metrics.MetricsSyncPlugin;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class BundledGuideTest {
  /** Where a company's tool keeps its login. */
  interface Login {
    CompletionStage<Map<String, String>> cookies(boolean again);
  }

  private static CredentialsSupplier supplier(Login login) {
    // tag::credentials[]
    CredentialsSupplier credentials =
        reload ->
            login
                .cookies(reload)
                .thenApply(
                    cookies ->
                        Optional.of(
                            new Credentials(cookies, Instant.now().plus(Duration.ofHours(1)))));
    // end::credentials[]
    return credentials;
  }

  private static ProxyPlugin sso() {
    // tag::sso[]
    ProxyPlugin sso =
        SsoAuthPlugin.builder()
            .cookies("session", "tenant")
            .paths("/v1")
            .reloadOn(401, 403)
            .loadTimeout(Duration.ofSeconds(20))
            .build();
    // end::sso[]
    return sso;
  }

  private static ProxyPlugin headers() {
    // tag::headers[]
    ProxyPlugin headers =
        HeaderInjectionPlugin.builder()
            .prefix("Acme")
            .cli("acme-cli", "3.1")
            .integration("ide")
            .timeout(Duration.ofMinutes(10))
            .header("X-Acme-Team", HeaderValue.sessionAttribute("team"))
            .build();
    // end::headers[]
    return headers;
  }

  private static ProxyPlugin logging(Path directory) {
    // tag::logging[]
    ProxyPlugin logging =
        LoggingPlugin.builder()
            .level(Level.INFO)
            .everyChunk(100)
            .maskHeaders("X-Tenant-Id")
            .file(LogFile.in(directory).withMaxFiles(5))
            .build();
    // end::logging[]
    return logging;
  }

  private static MetricsSyncPlugin metrics(Path directory) {
    // tag::metrics[]
    MetricsSyncPlugin metrics =
        MetricsSyncPlugin.builder()
            .providers("anthropic", "openai")
            .directory(directory)
            .endpoint(URI.create("https://metrics.example.com/v1/metrics"))
            .interval(Duration.ofMinutes(2))
            .attribute("team", "blue")
            .build();
    // end::metrics[]
    return metrics;
  }

  @Test
  void allOfThemStandInOneProxy(@TempDir Path directory) {
    MetricsSyncPlugin metrics = metrics(directory);
    Login login = again -> CompletableFuture.completedFuture(Map.of("session", "s"));
    try (Proxy proxy =
        Proxy.builder()
            .route("/**", "https://api.example.com")
            .credentials(supplier(login))
            .plugin(metrics)
            .plugin(logging(directory))
            .plugin(headers())
            .plugin(sso())
            .start()) {
      List<String> ids =
          proxy.plugins().list().stream()
              .map(plugin -> plugin.metadata().id())
              .collect(Collectors.toList());
      assertEquals(List.of("sso-auth", "header-injection", "logging", "metrics-sync"), ids);
      assertEquals(
          Optional.empty(), metrics.collector(proxy.session().id()), "not for this provider");
      // tag::collector[]
      Optional<MetricsCollector> collector = metrics.collector(proxy.session().id());
      collector.ifPresent(counts -> counts.count("tool-calls"));
      // end::collector[]
    }
  }
}
