package dev.headgate.examples.guide;

import static dev.headgate.core.forwarded.ForwardedFamily.X_FORWARDED;
import static dev.headgate.examples.guide.Asking.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.ConfigurationException;
import dev.headgate.Proxy;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.RequestDecision;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import dev.headgate.core.route.HostPolicy;
import dev.headgate.core.route.PathRewrite;
import dev.headgate.core.route.Route;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TourTest {
  @Test
  void embedsAProxy() {
    // tag::embedding[]
    try (Proxy proxy =
        Proxy.builder()
            .route("/v1/**", "https://api.example.com")
            .plugin(HeaderInjectionPlugin.builder().cli("my-tool", "1.4").build())
            .start()) {
      System.out.println(proxy.uri()); // http://127.0.0.1 and a free port
    }
    // end::embedding[]
  }

  @Test
  void routes() throws Exception {
    // tag::routes[]
    Proxy proxy =
        Proxy.builder()
            .route("/v1/**", "https://api.example.com/base")
            .route("/health", ctx -> RequestDecision.respond(DirectResponse.status(204).empty()))
            .route(
                Route.builder("/v1/models/{model}")
                    .methods("GET")
                    .host("models.example.com")
                    .headerEquals("X-Beta", "yes")
                    .target("http://127.0.0.1:8080")
                    .hostPolicy(HostPolicy.client())
                    .timeouts(Timeouts.builder().firstByte(Duration.ofMinutes(2)).build())
                    .build())
            .start();
    System.out.println(proxy.describe());
    // end::routes[]
    try (proxy) {
      HttpResponse<String> health = post(proxy, "/health", "");
      assertEquals(204, health.statusCode());
      assertTrue(proxy.describe().contains("/v1/models/{model}"), proxy::describe);
    }
  }

  @Test
  void frontOfOthers() {
    // tag::front[]
    Proxy proxy =
        Proxy.builder()
            .route(
                Route.builder("/api/**")
                    .target("https://api.example.com/base")
                    .rewrite(PathRewrite.stripPrefix("/api"))
                    .admission(Admission.of(100).withQueue(200, Duration.ofSeconds(10)))
                    .build())
            .trustedClients(TrustedClients.builder().trust(X_FORWARDED, "10.0.0.0/8").build())
            .forwardedFields(ForwardedFields.of(X_FORWARDED))
            .dataRates(DataRates.of(240))
            .start();
    // end::front[]
    try (proxy) {
      assertTrue(proxy.describe().contains("/api/**"), proxy::describe);
    }
  }

  @Test
  void reportsAllMistakesAtOnce() {
    ConfigurationException mistakes =
        assertThrows(
            ConfigurationException.class,
            () -> {
              // tag::mistakes[]
              Proxy.builder().port(70_000).route("/**", "https://api.example.com?key=k").start();
              // end::mistakes[]
            });
    assertEquals(2, mistakes.mistakes().size(), mistakes::getMessage);
  }
}
