package dev.headgate.examples.sessioncli;

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
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the session's proxy does, as options of the command line. */
final class SessionOptions {
  /** The variable that holds the session's cookies, {@code name=value; name=value}. */
  static final String COOKIES = "HEADGATE_COOKIES";

  private static final String METRICS_ENDPOINT = "HEADGATE_METRICS_ENDPOINT";
  private static final Duration METRICS_REQUEST_TIMEOUT = Duration.ofSeconds(2);

  /** A day. */
  static final int MOST_SECONDS = 86_400;

  private static final Duration GRACE = Duration.ofSeconds(1);

  @Option(
      names = "--target",
      paramLabel = "URL",
      defaultValue = "https://api.anthropic.com",
      description = "The API. Default: ${DEFAULT-VALUE}.")
  private String target = "";

  @Option(names = "--session", paramLabel = "ID", description = "Default: a random one.")
  private String id = UUID.randomUUID().toString();

  @Option(names = "--agent", paramLabel = "NAME", description = "The command, to the API's eyes.")
  private @Nullable String agent;

  @Option(names = "--profile", paramLabel = "NAME", description = "The configuration in use.")
  private @Nullable String profile;

  @Option(names = "--provider", paramLabel = "NAME", description = "Whose API it is.")
  private @Nullable String provider;

  @Option(names = "--model", paramLabel = "NAME", description = "The model in use.")
  private @Nullable String model;

  @Option(
      names = "--log-directory",
      paramLabel = "DIR",
      description = "Writes a log of all requests there. Default: none.")
  private @Nullable Path logDirectory;

  @Option(
      names = "--metrics-endpoint",
      paramLabel = "URL",
      description =
          "Sends the session's metric there. Default: the variable "
              + METRICS_ENDPOINT
              + "; "
              + "without either, nothing is counted.")
  private @Nullable URI metricsEndpoint;

  @Option(
      names = "--metrics-directory",
      paramLabel = "DIR",
      description = "Keeps the session's counts there. Default: .headgate in the home directory.")
  private Path metricsDirectory = Path.of(System.getProperty("user.home"), ".headgate");

  @Option(
      names = "--flush",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "How long the last sending of the metric may take; what is left stays on "
              + "disk for the next time. Default: ${DEFAULT-VALUE}.")
  private int flush = 10;

  /** Returns a sentence for each value that is none, with what was expected. */
  List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    checkUrl("--target", target, mistakes);
    if (metricsEndpoint != null) {
      checkUrl("--metrics-endpoint", metricsEndpoint.toString(), mistakes);
    }
    if (flush < 1 || flush > MOST_SECONDS) {
      mistakes.add("--flush must be 1 to 86400 seconds, but was " + flush);
    }
    if (id.isBlank()) mistakes.add("--session must have letters, but was '" + id + "'");
    if (logDirectory != null && Files.exists(logDirectory) && !Files.isDirectory(logDirectory)) {
      mistakes.add("--log-directory must be a directory, but was '" + logDirectory + "'");
    }
    if (Files.exists(metricsDirectory) && !Files.isDirectory(metricsDirectory)) {
      mistakes.add("--metrics-directory must be a directory, but was '" + metricsDirectory + "'");
    }
    return mistakes;
  }

  private static void checkUrl(String option, String text, List<String> mistakes) {
    try {
      URI url = new URI(text);
      boolean http = "http".equalsIgnoreCase(url.getScheme());
      if ((http || "https".equalsIgnoreCase(url.getScheme())) && url.getHost() != null) return;
    } catch (URISyntaxException e) {
      // told below
    }
    mistakes.add(option + " must be a URL of http or https, but was '" + text + "'");
  }

  /** Collects the proxy that the options ask for. */
  ProxyBuilder builder(Map<String, String> environment) {
    ProxyBuilder proxy =
        Proxy.builder()
            .route("/**", target)
            .grace(GRACE)
            .session(
                Session.builder(id)
                    .agent(agent)
                    .profile(profile)
                    .provider(provider)
                    .model(model)
                    .build())
            .plugin(HeaderInjectionPlugin.builder().cli("session-cli", "1.0").build());
    String cookies = environment.get(COOKIES);
    if (cookies != null) {
      Credentials credentials = new Credentials(parse(cookies), null);
      proxy.credentials(CredentialsSupplier.of(credentials)).plugin(SsoAuthPlugin.create());
    }
    if (logDirectory != null) {
      proxy.plugin(LoggingPlugin.builder().file(LogFile.in(logDirectory)).build());
    }
    if (metricsEndpoint != null || environment.containsKey(METRICS_ENDPOINT)) {
      proxy.plugin(metrics());
    }
    return proxy;
  }

  private MetricsSyncPlugin metrics() {
    MetricsSyncPlugin.Builder metrics =
        MetricsSyncPlugin.builder()
            .directory(metricsDirectory)
            .requestTimeout(METRICS_REQUEST_TIMEOUT)
            .stopDeadline(Duration.ofSeconds(flush));
    if (metricsEndpoint != null) metrics.endpoint(metricsEndpoint);
    return metrics.build();
  }

  private static Map<String, String> parse(String cookies) {
    Map<String, String> parsed = new LinkedHashMap<>();
    for (String cookie : cookies.split(";", -1)) {
      int equals = cookie.indexOf('=');
      if (equals > 0) {
        parsed.put(cookie.substring(0, equals).strip(), cookie.substring(equals + 1).strip());
      }
    }
    return parsed;
  }
}
