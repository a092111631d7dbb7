package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.Credentials;
import dev.headgate.api.CredentialsSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With which cookies metrics are sent, and that nobody else gets to see them. */
class MetricsCredentialsTest {
  private static final String SECRET = "s3cr3t-c00kie";

  @TempDir Path directory;
  private ScriptedApi api;
  private final List<Boolean> loads = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() throws IOException {
    api.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(Files.readString(file).contains(SECRET), file::toString);
      }
    }
  }

  private MetricsHarness proxy(CredentialsSupplier credentials) throws Exception {
    return new MetricsHarness(
            MetricsHarness.plugin(directory, api.uri()).build(),
            directory,
            MetricsHarness.session("s1"),
            credentials)
        .start();
  }

  private CredentialsSupplier supplier(Credentials first, Credentials reloaded) {
    return reload -> {
      loads.add(reload);
      return CompletableFuture.completedFuture(Optional.of(reload ? reloaded : first));
    };
  }

  private static Credentials cookie(String value) {
    return new Credentials(Map.of("sid", value), null);
  }

  @Test
  void sendsAllCookiesInOrder() throws Exception {
    Map<String, String> cookies = new LinkedHashMap<>();
    cookies.put("b", "2");
    cookies.put("a", "1=1");
    try (MetricsHarness proxy = proxy(CredentialsSupplier.of(new Credentials(cookies, null)))) {
      proxy.exchange(200).stop();
    }
    assertEquals("b=2; a=1=1", api.await().cookie());
  }

  @Test
  void sendsNoCookieWhenThereAreNoCredentials() throws Exception {
    try (MetricsHarness proxy = proxy(CredentialsSupplier.none())) {
      proxy.exchange(200).stop();
    }
    assertNull(api.await().cookie());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void getsNewCredentialsForTheAttemptAfterARefusal(int status) throws Exception {
    api.script(status);
    try (MetricsHarness proxy = proxy(supplier(cookie("old"), cookie("new")))) {
      proxy.exchange(200).tick().awaitSyncs(1);
      proxy.tick().awaitSyncs(2);
      proxy.exchange(200).tick().awaitSyncs(3);
    }
    assertEquals(List.of(false, true, false), loads);
    assertEquals("sid=old", api.await().cookie());
    assertEquals("sid=new", api.await().cookie());
    assertEquals(2, api.countedRequests());
  }

  @Test
  void getsNewCredentialsWhenThoseAtHandHaveExpired() throws Exception {
    Credentials expired = new Credentials(Map.of("sid", "old"), VirtualTime.START);
    try (MetricsHarness proxy = proxy(supplier(expired, cookie("new")))) {
      proxy.exchange(200).stop();
    }
    assertEquals(List.of(false, true), loads);
    assertEquals("sid=new", api.await().cookie());
  }

  @Test
  void sendsNothingWhenCredentialsCannotBeHad() throws Exception {
    CredentialsSupplier broken =
        reload -> CompletableFuture.failedFuture(new IOException("bad key " + SECRET));
    try (MetricsHarness proxy = proxy(broken)) {
      proxy.exchange(200).tick().awaitSyncs(1);
      assertEquals(1, proxy.records("pending"));
      assertEquals(1, proxy.log.count("no credentials"));
      assertTrue(proxy.log.toString().contains("java.io.IOException"));
      assertFalse(proxy.log.toString().contains(SECRET));
    }
    assertEquals(List.of(), api.received());
  }

  @Test
  void survivesASupplierThatThrows() throws Exception {
    CredentialsSupplier broken =
        reload -> {
          throw new IllegalStateException(SECRET);
        };
    try (MetricsHarness proxy = proxy(broken)) {
      proxy.exchange(200).stop();
      assertEquals(1, proxy.records("pending"));
      assertFalse(proxy.log.toString().contains(SECRET));
    }
  }

  @Test
  void doesNotWaitForEverForCredentials() throws Exception {
    CompletionStage<Optional<Credentials>> never = new CompletableFuture<>();
    try (MetricsHarness proxy = proxy(reload -> never)) {
      proxy.exchange(200).tick();
      proxy.time.awaitScheduled(MetricsHarness.TIMEOUT);
      proxy.time.advance(MetricsHarness.TIMEOUT);
      proxy.time.awaitScheduled(Duration.ofSeconds(1));
    }
    assertEquals(List.of(), api.received());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b=c", "a\r\nX: y", "a\u00e9", "a b"})
  void sendsNothingWithCookiesThatWouldChangeTheRequest(String value) throws Exception {
    Credentials credentials = new Credentials(Map.of("sid", SECRET + value), null);
    try (MetricsHarness proxy = proxy(CredentialsSupplier.of(credentials))) {
      proxy.exchange(200).tick().awaitSyncs(1);
      assertEquals(1, proxy.records("pending"));
      assertTrue(proxy.log.toString().contains("cookie 'sid'"), proxy.log::toString);
      assertFalse(proxy.log.toString().contains(SECRET));
    }
    assertEquals(List.of(), api.received());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 401, 404, 429, 500})
  void neverLogsOrStoresThem(int status) throws Exception {
    api.script(status, status, status, status);
    try (MetricsHarness proxy = proxy(CredentialsSupplier.of(cookie(SECRET)))) {
      proxy.exchange(200).tick();
      if (status == 429 || status == 500) {
        for (int seconds : new int[] {1, 2, 5}) {
          proxy.time.awaitScheduled(Duration.ofSeconds(seconds));
          proxy.time.advance(Duration.ofSeconds(seconds));
        }
      }
      proxy.awaitSyncs(1);
      assertEquals("sid=" + SECRET, api.await().cookie());
      assertFalse(proxy.log.toString().contains(SECRET), proxy.log::toString);
    }
  }

  @Test
  void warnsWhenCookiesWouldCrossANetworkUnencrypted() throws Exception {
    for (String endpoint : List.of("http://api.example/m?key=" + SECRET, "https://api.example/m")) {
      MetricsSyncPlugin plugin =
          MetricsHarness.plugin(directory, java.net.URI.create(endpoint)).build();
      try (MetricsHarness proxy =
          new MetricsHarness(
                  plugin, directory, MetricsHarness.session("s1"), CredentialsSupplier.none())
              .start()) {
        assertEquals(endpoint.startsWith("https") ? 0 : 1, proxy.log.count("unencrypted"));
        assertFalse(proxy.log.toString().contains(SECRET), proxy.log::toString);
        proxy.stop();
      }
    }
  }
}
