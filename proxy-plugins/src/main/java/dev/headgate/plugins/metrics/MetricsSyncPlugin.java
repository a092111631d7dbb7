package dev.headgate.plugins.metrics;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what passes through a proxy, session by session, and reports it to a metrics API. Made
 * with {@link #builder()}. Thread-safe; one object may serve any number of proxies and sessions.
 *
 * <p><b>What is counted.</b> Each exchange, when it ends: status, outcome, bytes both ways,
 * duration, whether it failed (ended in an error, or with a status of 400 or more). And what
 * applications put into a {@link MetricsCollector}.
 *
 * <p><b>Where.</b> In {@code {sessionId}_metrics.jsonl}: one record per line, with {@code
 * syncStatus} {@code pending} or {@code synced}, beside {@code {sessionId}.json}, the session's
 * facts. In a session id, characters that may not stand in a file name are written as {@code %XX}.
 * Records are written off the exchange's thread, many at once, and are durable ({@code fsync})
 * then. After a crash a last line without its end is cut off; everything else is kept. While the
 * disk refuses, records wait in memory, from 1024 on added up; that is logged once. Exchanges never
 * wait for any of this and never fail by it.
 *
 * <p><b>When and how it is sent.</b> At every interval, and at the proxy's stop, all pending
 * records are added up to one metric and POSTed as JSON with the session's cookies. Before that
 * they are put into a batch, in the file: its body never changes, and it carries an {@code
 * Idempotency-Key} that never changes. After a 2xx its records are marked {@code synced} by an
 * atomic rewrite (the newest 1,000 of them are kept). What an earlier process left, killed at
 * whatever instant, is sent at the next start of a proxy with the same session id: a batch that may
 * have reached the API goes out again with its key and body, and before any new one. So each record
 * is counted once, provided that the API counts a key once.
 *
 * <p><b>When that fails.</b> Network errors, timeouts, 429 and 5xx: again after 1, 2 and 5 seconds,
 * then at the next interval; a stop does not wait for the pause under way, but tries at once. The
 * records stay {@code pending}, in their batch. 401 and 403: at the
 * next interval, with new credentials; the same batch. 400, 413 and 422: the API wants none of this
 * metric (of a key that it has counted it would say so with a 2xx), so the batch is undone, and its
 * records, still {@code pending}, go into the next one. All other answers: at the next interval,
 * the same batch. What is on disk is never given up. What no disk has taken until the stop is sent
 * from memory then; if that fails too, it is lost, which is logged as an error with the number of
 * records.
 *
 * <p><b>Several proxies or processes with one session</b> share its files: all append, one at a
 * time, guarded by a lock file ({@code {sessionId}_metrics.lock}; it stays); only one syncs at a
 * time, for all of them. One that finds another syncing leaves it to that one and comes back at its
 * next interval; at its stop it waits. The operating system ends the locks of a process that dies.
 * File systems without locks are treated as ones that refuse to be written.
 *
 * <p><b>Settings.</b> An environment variable beats a setting of the profile ({@link
 * PluginContext#settings()}), which beats the builder's value:
 *
 * <table>
 *   <caption>Settings</caption>
 *   <tr><th>setting</th><th>environment variable</th><th>builder</th></tr>
 *   <tr><td>{@code enabled}</td><td>{@code HEADGATE_METRICS_ENABLED}</td>
 *     <td>{@link Builder#enabled}</td></tr>
 *   <tr><td>{@code providers}</td><td>{@code HEADGATE_METRICS_PROVIDERS}</td>
 *     <td>{@link Builder#providers}</td></tr>
 *   <tr><td>{@code directory}</td><td>{@code HEADGATE_METRICS_DIRECTORY}</td>
 *     <td>{@link Builder#directory}</td></tr>
 *   <tr><td>{@code endpoint}</td><td>{@code HEADGATE_METRICS_ENDPOINT}</td>
 *     <td>{@link Builder#endpoint}</td></tr>
 *   <tr><td>{@code interval}</td><td>{@code HEADGATE_METRICS_INTERVAL}</td>
 *     <td>{@link Builder#interval}</td></tr>
 *   <tr><td>{@code name}</td><td>{@code HEADGATE_METRICS_NAME}</td>
 *     <td>{@link Builder#name}</td></tr>
 *   <tr><td>{@code attributes}</td><td>{@code HEADGATE_METRICS_ATTRIBUTES}</td>
 *     <td>{@link Builder#attribute}</td></tr>
 *   <tr><td>{@code request-timeout}</td><td>{@code HEADGATE_METRICS_REQUEST_TIMEOUT}</td>
 *     <td>{@link Builder#requestTimeout}</td></tr>
 * </table>
 *
 * <p>Durations look like {@code 5m}, {@code 30s}, {@code 250ms} or {@code PT5M}; lists are
 * separated by commas; attributes are {@code name=value} pairs, and add up over the three sources.
 * An empty environment variable counts as not set. Where the plugin is not enabled, or not for the
 * session's provider, the other settings are not looked at.
 *
 * <p>Credentials, and the query of the endpoint, are never logged and never written to a file.
 */
public final class MetricsSyncPlugin implements ProxyPlugin {
  /** The plugin's id. */
  public static final String ID = "metrics-sync";

  /** The priority: 100, the last of observability. */
  public static final int PRIORITY = 100;

  /** The interval between two syncs when none is set: 5 minutes. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);

  /** The metric's name when none is set. */
  public static final String DEFAULT_NAME = "proxy_session_usage";

  /** How long one attempt may take when nothing is set: 5 seconds. */
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(5);

  /** What the pauses between four attempts add up to. */
  private static final Duration PAUSES = Duration.ofSeconds(8);

  /** What the stop has for the disk, beside the attempts and the pauses. */
  private static final Duration RESERVE = Duration.ofSeconds(2);

  private final MetricsDefaults defaults;
  private final Map<String, String> environment;
  private final PluginMetadata metadata;
  private final OpenSessions open = new OpenSessions();
  private final SharedHttp http = new SharedHttp();

  private MetricsSyncPlugin(Builder builder) {
    this.defaults =
        new MetricsDefaults(
            builder.enabled,
            builder.providers,
            builder.directory,
            builder.endpoint,
            builder.interval,
            builder.name,
            builder.attributes,
            builder.requestTimeout);
    this.environment =
        builder.environment == null ? System.getenv() : Map.copyOf(builder.environment);
    Duration deadline = builder.stopDeadline;
    this.metadata =
        PluginMetadata.builder(ID)
            .name("Metrics sync")
            .priority(PRIORITY)
            .failurePolicy(FailurePolicy.FAIL_OPEN)
            .stopDeadline(deadline == null ? stopDeadline(builder.requestTimeout) : deadline)
            .observesBodies()
            .build();
  }

  /**
   * Begins a plugin.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public PluginMetadata metadata() {
    return metadata;
  }

  /**
   * Makes the interceptor for one proxy; one without hooks where the plugin does not run. Touches
   * no file and starts nothing.
   *
   * @throws IllegalArgumentException if settings are wrong or missing: it names each of them, with
   *     the offending value and what was expected
   */
  @Override
  public Interceptor createInterceptor(PluginContext context) {
    Optional<MetricsSettings> settings =
        new SettingsReader(defaults, context.settings(), environment).read(context.session());
    if (settings.isEmpty()) return new Interceptor() {};
    Duration deadline = metadata.stopDeadline();
    Duration reserve =
        RESERVE.compareTo(deadline.dividedBy(4)) < 0 ? RESERVE : deadline.dividedBy(4);
    return new MetricsInterceptor(
        new MetricsSession(settings.get(), context, http), context, open, deadline.minus(reserve));
  }

  /**
   * Finds the collector of a session. Inside an exchange, {@link MetricsCollector#KEY} is the
   * shorter way.
   *
   * @param sessionId the session's id
   * @return the collector; empty when no proxy with that session runs, or the plugin does not run
   *     for it. Of several proxies with the session, the one that started last.
   */
  public Optional<MetricsCollector> collector(String sessionId) {
    return open.find(Objects.requireNonNull(sessionId, "sessionId"));
  }

  private static Duration stopDeadline(Duration requestTimeout) {
    Duration timeout =
        requestTimeout.isNegative() || requestTimeout.isZero()
            ? DEFAULT_REQUEST_TIMEOUT // a mistake, reported when an interceptor is made
            : requestTimeout;
    return timeout.multipliedBy(4).plus(PAUSES).plus(RESERVE.multipliedBy(2));
  }

  /**
   * Collects what the plugin goes by; not thread-safe. Values are checked when an interceptor is
   * made, all at once, since the environment and the profile may replace them.
   */
  public static final class Builder {
    private boolean enabled = true;
    private final Set<String> providers = new LinkedHashSet<>();
    private @Nullable Path directory;
    private @Nullable URI endpoint;
    private Duration interval = DEFAULT_INTERVAL;
    private String name = DEFAULT_NAME;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
    private @Nullable Duration stopDeadline;
    private @Nullable Map<String, String> environment;

    private Builder() {}

    /**
     * Sets whether the plugin runs; by default it does.
     *
     * @param enabled whether it runs
     * @return this
     */
    public Builder enabled(boolean enabled) {
      this.enabled = enabled;
      return this;
    }

    /**
     * Adds providers that the plugin runs for; by default it runs for all, and for sessions without
     * one.
     *
     * @param providers their names, compared without regard to case
     * @return this
     */
    public Builder providers(String... providers) {
      this.providers.addAll(List.of(providers));
      return this;
    }

    /**
     * Sets where the session's files lie; required.
     *
     * @param directory a directory; made when it is not there
     * @return this
     */
    public Builder directory(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Sets where metrics are POSTed to; required. Redirects are not followed.
     *
     * @param endpoint an absolute http or https URI, without user info
     * @return this
     */
    public Builder endpoint(URI endpoint) {
      this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
      return this;
    }

    /**
     * Sets how long between two syncs; default {@link #DEFAULT_INTERVAL}.
     *
     * @param interval above zero, 24 hours at most
     * @return this
     */
    public Builder interval(Duration interval) {
      this.interval = Objects.requireNonNull(interval, "interval");
      return this;
    }

    /**
     * Sets the metric's name; default {@link #DEFAULT_NAME}.
     *
     * @param name a letter, then letters, digits or any of {@code _ . : -}, 128 characters at most
     * @return this
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Adds an attribute to the metric. One named {@code session_id}, {@code agent}, {@code
     * profile}, {@code provider} or {@code model} replaces what the session says.
     *
     * @param name its name, not empty
     * @param value its value
     * @return this
     */
    public Builder attribute(String name, String value) {
      attributes.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Sets how long one attempt to send may take, getting the credentials included; default {@link
     * #DEFAULT_REQUEST_TIMEOUT}.
     *
     * @param timeout above zero, 10 minutes at most
     * @return this
     */
    public Builder requestTimeout(Duration timeout) {
      this.requestTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets how long the proxy's stop may wait for the last sync; default: four request timeouts,
     * the 8 seconds of pauses between them, and 4 seconds for the disk (32 seconds with the other
     * defaults). Up to 2 seconds of it are kept for closing. What the API has not taken by then
     * stays on disk.
     *
     * @param deadline above zero
     * @return this
     */
    public Builder stopDeadline(Duration deadline) {
      this.stopDeadline = Objects.requireNonNull(deadline, "deadline");
      return this;
    }

    /**
     * Replaces the environment that settings are looked up in; default: that of the process. For
     * tests, and for applications that don't want the environment to have a say.
     *
     * @param environment values by name of the variable
     * @return this
     */
    public Builder environment(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
      return this;
    }

    /**
     * Makes the plugin.
     *
     * @return the plugin
     * @throws IllegalArgumentException if the stop deadline is not above zero
     */
    public MetricsSyncPlugin build() {
      return new MetricsSyncPlugin(this);
    }
  }
}
