package dev.headgate.plugins.auth;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sends the session's cookies to the upstream, so that a client needs to know none of them.
 *
 * <p><b>What it does.</b> Each request gets one {@code Cookie} field with the cookies of {@link
 * PluginContext#credentials()}, followed by the client's own in their order, however many lines
 * they came on. Where both have a cookie of the same name (names are case-sensitive, RFC 6265
 * §5.3), the supplier's wins. When the supplier has no credentials, the request goes on as the
 * client sent it.
 *
 * <p><b>When it asks.</b> The supplier is asked at the first request; its answer is kept until it
 * expires. Expired credentials, and those that an upstream refused (status 401, or as {@link
 * Builder#reloadOn} says), are loaded anew with {@code load(true)} when the next request comes. All
 * requests that wait share one call. While the supplier has none, each request asks again with
 * {@code load(false)}.
 *
 * <p><b>Faults.</b> The plugin is {@code FAIL_CLOSED}: no request goes on without the cookies it
 * should have had. It is a fault when the supplier throws, fails, gives null, gives a cookie that
 * RFC 6265 §4.1.1 does not allow, gives expired credentials even on a reload, or takes longer than
 * {@link Builder#loadTimeout}. The next request asks again; one that comes after the time-out does
 * not wait for the call that was too slow.
 *
 * <p><b>Secrecy.</b> No value of a cookie is ever logged, put into an exception, or shown by a
 * {@code toString}; what a supplier writes into its own exceptions is its own care. The cookies go
 * to whatever upstream a matching request is routed to: restrict them with {@link Builder#paths}
 * where routes lead to upstreams of different trust.
 *
 * <p>Immutable, thread-safe, and usable in several proxies at once.
 */
public final class SsoAuthPlugin implements ProxyPlugin {
  /** The plugin's id: {@value}. */
  public static final String ID = "sso-auth";

  /** The plugin's priority: {@value}. */
  public static final int PRIORITY = 10;

  /** How long a request waits for credentials unless told otherwise: 30 seconds. */
  public static final Duration DEFAULT_LOAD_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);

  private final PluginMetadata metadata;
  private final Set<String> cookies;
  private final PathPrefixes paths;
  private final BitSet reloadOn;

  private SsoAuthPlugin(Builder builder) {
    this.metadata =
        PluginMetadata.builder(ID)
            .name("SSO authentication")
            .priority(PRIORITY)
            .failurePolicy(FailurePolicy.FAIL_CLOSED)
            .hookDeadline(builder.loadTimeout)
            .build();
    this.cookies = Set.copyOf(builder.cookies);
    this.paths = new PathPrefixes(builder.paths);
    this.reloadOn = new BitSet();
    builder.reloadOn.forEach(reloadOn::set);
  }

  /**
   * Makes a plugin that sends all cookies of the supplier with every request.
   *
   * @return the plugin
   */
  public static SsoAuthPlugin create() {
    return builder().build();
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
   * Makes the interceptor for one proxy. The supplier is not asked yet.
   *
   * @param context gives the {@link CredentialsSupplier} and the clock that decides on expiry
   * @return a new interceptor
   */
  @Override
  public Interceptor createInterceptor(PluginContext context) {
    CredentialsCache cache =
        new CredentialsCache(
            context.credentials(), cookies, metadata.hookDeadline(), context.clock());
    return new SsoAuthInterceptor(cache, paths, (BitSet) reloadOn.clone());
  }

  /** Collects what a plugin shall do; not thread-safe. Values are checked by {@link #build()}. */
  public static final class Builder {
    private final Set<String> cookies = new LinkedHashSet<>();
    private final Set<String> paths = new LinkedHashSet<>();
    private Set<Integer> reloadOn = Set.of(401);
    private Duration loadTimeout = DEFAULT_LOAD_TIMEOUT;

    private Builder() {}

    /**
     * Adds cookies to send: once called, the supplier's other cookies are left out. Default: all.
     *
     * @param names cookie names, case-sensitive
     * @return this
     */
    public Builder cookies(String... names) {
      cookies.addAll(List.of(names));
      return this;
    }

    /**
     * Adds paths whose requests get the cookies: once called, requests to other paths pass
     * untouched. Default: every request.
     *
     * @param prefixes absolute paths, compared by whole segments and case-sensitive: {@code /v1} is
     *     for {@code /v1} and {@code /v1/models}, not for {@code /v10}
     * @return this
     */
    public Builder paths(String... prefixes) {
      paths.addAll(List.of(prefixes));
      return this;
    }

    /**
     * Sets the statuses of a response that say that the cookies sent with its request are no good,
     * so that the next request loads new ones. Default: 401.
     *
     * @param statuses 300 to 599; none for never
     * @return this
     */
    public Builder reloadOn(int... statuses) {
      reloadOn = new TreeSet<>(Arrays.stream(statuses).boxed().toList());
      return this;
    }

    /**
     * Sets how long a request waits for credentials before it fails; it is the plugin's hook
     * deadline. Default: {@link #DEFAULT_LOAD_TIMEOUT}.
     *
     * @param timeout 1 ms to 24 h
     * @return this
     */
    public Builder loadTimeout(Duration timeout) {
      loadTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Makes the plugin.
     *
     * @return the plugin
     * @throws IllegalArgumentException naming each offending value and what was expected
     */
    public SsoAuthPlugin build() {
      List<String> mistakes = new ArrayList<>();
      for (String name : cookies) {
        CookieSyntax.checkName(name).ifPresent(mistakes::add);
      }
      for (String path : paths) {
        PathPrefixes.check(path).ifPresent(mistakes::add);
      }
      for (int status : reloadOn) {
        if (status < 300 || status > 599) {
          mistakes.add("status to reload on must be 300 to 599, but was " + status);
        }
      }
      if (loadTimeout.compareTo(MIN_TIMEOUT) < 0 || loadTimeout.compareTo(MAX_TIMEOUT) > 0) {
        mistakes.add("loadTimeout must be 1 ms to 24 h, but was " + loadTimeout);
      }
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(
            "invalid settings of plugin '" + ID + "': " + String.join("; ", mistakes));
      }
      return new SsoAuthPlugin(this);
    }
  }
}
