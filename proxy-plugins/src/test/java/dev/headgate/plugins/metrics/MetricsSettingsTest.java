package dev.headgate.plugins.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Session;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings come from, which one counts, and what is said about wrong ones. */
class MetricsSettingsTest {
  private static final MetricsDefaults DEFAULTS =
      new MetricsDefaults(
          true,
          Set.of(),
          Path.of("built"),
          URI.create("https://built.example/m"),
          Duration.ofMinutes(5),
          "built",
          Map.of("team", "core", "tier", "1"),
          Duration.ofSeconds(5));
  private static final Session SESSION = Session.builder("s").provider("anthropic").build();

  private static MetricsSettings read(Map<String, String> profile, Map<String, String> env) {
    return new SettingsReader(DEFAULTS, profile, env).read(SESSION).orElseThrow();
  }

  private static boolean runs(Session session, Map<String, String> profile) {
    return new SettingsReader(DEFAULTS, profile, Map.of()).read(session).isPresent();
  }

  private static String mistakes(Map<String, String> profile, Map<String, String> env) {
    return assertThrows(IllegalArgumentException.class, () -> read(profile, env)).getMessage();
  }

  @Test
  void usesWhatThePluginWasBuiltWith() {
    MetricsSettings settings = read(Map.of(), Map.of());
    assertEquals(Path.of("built"), settings.directory());
    assertEquals("https://built.example/m", settings.endpoint().toString());
    assertEquals(Duration.ofMinutes(5), settings.interval());
    assertEquals("built", settings.name());
    assertEquals(Duration.ofSeconds(5), settings.requestTimeout());
  }

  @Test
  void letsTheProfileReplaceTheBuilderAndTheEnvironmentReplaceBoth() {
    Map<String, String> profile =
        Map.of(
            "directory", "profile",
            "endpoint", "http://profile.example/",
            "interval", "30s",
            "name", "profile",
            "attributes", "tier=2,extra=p",
            "request-timeout", "250ms");
    MetricsSettings byProfile = read(profile, Map.of("HEADGATE_METRICS_NAME", ""));
    assertEquals(
        new MetricsSettings(
            Path.of("profile"),
            URI.create("http://profile.example/"),
            Duration.ofSeconds(30),
            "profile",
            Map.of("team", "core", "tier", "2", "extra", "p"),
            Duration.ofMillis(250)),
        byProfile);

    Map<String, String> environment =
        Map.of(
            "HEADGATE_METRICS_DIRECTORY", "env",
            "HEADGATE_METRICS_ENDPOINT", "http://env.example/",
            "HEADGATE_METRICS_INTERVAL", "PT1M",
            "HEADGATE_METRICS_NAME", "env",
            "HEADGATE_METRICS_ATTRIBUTES", " tier = 3 ",
            "HEADGATE_METRICS_REQUEST_TIMEOUT", "2s");
    assertEquals(
        new MetricsSettings(
            Path.of("env"),
            URI.create("http://env.example/"),
            Duration.ofMinutes(1),
            "env",
            Map.of("team", "core", "tier", "3", "extra", "p"),
            Duration.ofSeconds(2)),
        read(profile, environment));
  }

  @Test
  void reportsAllMistakesAtOnceWithValueAndExpectation() {
    String message =
        mistakes(
            Map.of(
                "interval",
                "soon",
                "name",
                "1 name",
                "colour",
                "red",
                "attributes",
                "=x",
                "endpoint",
                "ftp://h/"),
            Map.of("HEADGATE_METRICS_REQUEST_TIMEOUT", "0s"));
    assertTrue(message.contains("metrics-sync"), message);
    assertTrue(
        message.contains("setting 'interval' must be a duration above zero, 24h at most"), message);
    assertTrue(message.contains("but was 'soon'"), message);
    assertTrue(message.contains("setting 'name' must be a letter"), message);
    assertTrue(message.contains("but was '1 name'"), message);
    assertTrue(message.contains("setting 'colour' is not known: expected one of ["), message);
    assertTrue(message.contains("setting 'attributes' must be pairs"), message);
    assertTrue(message.contains("setting 'endpoint' must be an absolute http or https"), message);
    assertTrue(
        message.contains("environment variable HEADGATE_METRICS_REQUEST_TIMEOUT must be"), message);
    assertTrue(message.contains("but was '0s'"), message);
  }

  @Test
  void reportsWhatIsMissingAndWhatTheBuilderGotWrong() {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder()
            .interval(Duration.ZERO)
            .name("")
            .requestTimeout(Duration.ofSeconds(-1))
            .attribute("", "x")
            .environment(Map.of())
            .build();
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> plugin.createInterceptor(context(SESSION, Map.of())))
            .getMessage();
    assertTrue(message.contains("'directory' is missing: expected the path"), message);
    assertTrue(message.contains("'endpoint' is missing"), message);
    assertTrue(message.contains("'interval' of the builder must be"), message);
    assertTrue(message.contains("but was 'PT0S'"), message);
    assertTrue(message.contains("'name' of the builder must be"), message);
    assertTrue(message.contains("'request-timeout' of the builder must be"), message);
    assertTrue(message.contains("'attributes' of the builder must be"), message);
  }

  @Test
  void letsTheEnvironmentRepairWhatTheBuilderGotWrong() {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder()
            .interval(Duration.ZERO)
            .environment(
                Map.of(
                    "HEADGATE_METRICS_INTERVAL", "1m",
                    "HEADGATE_METRICS_DIRECTORY", "d",
                    "HEADGATE_METRICS_ENDPOINT", "http://localhost:1/"))
            .build();
    assertTrue(plugin.createInterceptor(context(SESSION, Map.of())) instanceof MetricsInterceptor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relative/path",
        "https:///nohost",
        "https://user:pa55@host/",
        "https://host/#fragment",
        "https://ho st/?token=pa55",
        "mailto:a@b"
      })
  void rejectsEndpointsItCannotUseWithoutShowingSecrets(String endpoint) {
    String message = mistakes(Map.of("endpoint", endpoint), Map.of());
    assertTrue(message.contains("setting 'endpoint' must be an absolute http or https"), message);
    assertFalse(message.contains("pa55"), message);
  }

  @ParameterizedTest
  @CsvSource({"5m,PT5M", "90s,PT90S", "250ms,PT0.25S", "24h,PT24H", "PT1H30M,PT90M", "' 1s ',PT1S"})
  void readsDurations(String text, Duration expected) {
    assertEquals(expected, read(Map.of("interval", text), Map.of()).interval());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5 m", "-1s", "0ms", "25h", "999999999999h", "1d", "P", "PT-5S", "m"})
  void rejectsDurationsThatMeanNothing(String text) {
    String message = mistakes(Map.of("interval", text), Map.of());
    assertTrue(message.contains("but was '" + text + "'"), message);
  }

  @Test
  void runsOnlyForItsProviders() {
    Map<String, String> two = Map.of("providers", "openai, Anthropic");
    assertTrue(runs(SESSION, two));
    assertTrue(runs(Session.builder("s").provider("OPENAI").build(), two));
    assertFalse(runs(Session.builder("s").provider("bedrock").build(), two));
    assertFalse(runs(Session.builder("s").build(), two));
    assertTrue(runs(Session.builder("s").build(), Map.of("providers", "")));
  }

  @Test
  void looksAtNothingElseWhereItDoesNotRun() {
    assertFalse(runs(SESSION, Map.of("enabled", "false", "interval", "soon")));
    assertFalse(runs(SESSION, Map.of("providers", "openai", "interval", "soon")));
    Optional<MetricsSettings> off =
        new SettingsReader(
                DEFAULTS, Map.of("enabled", "true"), Map.of("HEADGATE_METRICS_ENABLED", "False"))
            .read(SESSION);
    assertTrue(off.isEmpty());
    assertTrue(mistakes(Map.of("enabled", "perhaps"), Map.of()).contains("true or false"));
  }

  @Test
  void hasNoHooksWhereItDoesNotRun() {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder().enabled(false).environment(Map.of()).build();
    Interceptor interceptor = plugin.createInterceptor(context(SESSION, Map.of()));
    // Coverage adds a synthetic one.
    assertEquals(
        List.of(),
        Stream.of(interceptor.getClass().getDeclaredMethods())
            .filter(method -> !method.isSynthetic())
            .toList());
  }

  @Test
  void declaresWhatItIs() {
    MetricsSyncPlugin plugin = MetricsSyncPlugin.builder().build();
    assertEquals("metrics-sync", plugin.metadata().id());
    assertEquals(100, plugin.metadata().priority());
    assertEquals("FAIL_OPEN", plugin.metadata().failurePolicy().name());
    assertEquals("OBSERVES", plugin.metadata().requestBody().name());
    assertEquals("OBSERVES", plugin.metadata().responseBody().name());
    assertFalse(plugin.metadata().blocking());
    assertEquals(Duration.ofSeconds(32), plugin.metadata().stopDeadline());
    assertEquals(
        Duration.ofSeconds(9),
        MetricsSyncPlugin.builder()
            .stopDeadline(Duration.ofSeconds(9))
            .build()
            .metadata()
            .stopDeadline());
    assertThrows(
        IllegalArgumentException.class,
        () -> MetricsSyncPlugin.builder().stopDeadline(Duration.ZERO).build());
  }

  private static FakeContext context(Session session, Map<String, String> settings) {
    VirtualTime time = new VirtualTime();
    return new FakeContext(
        session,
        settings,
        CredentialsSupplier.none(),
        new LogCapture().logger(),
        time,
        Runnable::run,
        time);
  }
}
