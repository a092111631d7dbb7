package dev.headgate.plugins.headers;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the upstream who asks. With the prefix {@code Headgate}, each request gets
 *
 * <table>
 *   <caption>Fields of the plugin</caption>
 *   <tr><th>field</th><th>value</th><th>sent</th></tr>
 *   <tr><td>{@code X-Headgate-CLI}</td>
 *       <td>{@link Builder#cli}: {@code name/version}; else the session's agent, else {@code
 *       headgate}</td><td>always</td></tr>
 *   <tr><td>{@code X-Headgate-Client}</td>
 *       <td>{@link Builder#client}; else the session's agent, else the name of the CLI</td>
 *       <td>always</td></tr>
 *   <tr><td>{@code X-Headgate-Request-ID}</td><td>{@link ProxyContext#requestId()}</td>
 *       <td>always</td></tr>
 *   <tr><td>{@code X-Headgate-Session-ID}</td><td>{@link Session#id()}</td><td>always</td></tr>
 *   <tr><td>{@code X-Headgate-Integration}</td><td>{@link Builder#integration(String)}</td>
 *       <td>when configured</td></tr>
 *   <tr><td>{@code X-Headgate-CLI-Model}</td>
 *       <td>{@link Builder#model(String)}; else the session's model</td>
 *       <td>when there is one</td></tr>
 *   <tr><td>{@code X-Headgate-CLI-Timeout}</td>
 *       <td>{@link Builder#timeout(Duration)}, in whole seconds</td><td>when configured</td></tr>
 * </table>
 *
 * and any further field of {@link Builder#header(String, String)}. A value that is null or empty is
 * missing: its field is left out.
 *
 * <p><b>Spoofing.</b> All these names belong to the plugin. What a client sends under one of them,
 * in any case and on any number of lines, is overwritten, and removed where the plugin has no
 * value.
 *
 * <p><b>Faults.</b> The plugin is {@code FAIL_OPEN}, unless {@link Builder#failClosed} says
 * otherwise. A function that throws or gives an illegal value (a line break, say) is a fault: none
 * of the plugin's changes to that request stay, so that in this one case the client's own fields go
 * on. Values of the session are checked when a proxy starts: an illegal one refuses the start.
 *
 * <p>Immutable, thread-safe, and usable in several proxies at once.
 */
public final class HeaderInjectionPlugin implements ProxyPlugin {
  /** The plugin's id: {@value}. */
  public static final String ID = "header-injection";

  /** The plugin's priority: {@value}. */
  public static final int PRIORITY = 20;

  /** The prefix of the field names unless told otherwise: {@value}. */
  public static final String DEFAULT_PREFIX = "Headgate";

  /** The CLI's and the client's name where neither builder nor session knows one. */
  private static final String FALLBACK = "headgate";

  private final PluginMetadata metadata;
  private final List<OwnedField> fields;

  private HeaderInjectionPlugin(FailurePolicy policy, List<OwnedField> fields) {
    this.metadata =
        PluginMetadata.builder(ID)
            .name("Header injection")
            .priority(PRIORITY)
            .failurePolicy(policy)
            .build();
    this.fields = List.copyOf(fields);
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
   * Makes the interceptor for one proxy.
   *
   * @param context gives the session
   * @return a new interceptor
   * @throws IllegalArgumentException naming each field whose value from the session can't be sent
   */
  @Override
  public Interceptor createInterceptor(PluginContext context) {
    return new HeaderInjector(fields, context.session());
  }

  /** Collects what a plugin shall send; not thread-safe. Values are checked by {@link #build()}. */
  public static final class Builder {
    private String prefix = DEFAULT_PREFIX;
    private @Nullable String cliName;
    private @Nullable String cliVersion;
    private @Nullable String client;
    private ValueSource integration = constant("");
    private ValueSource model = new ValueSource.OfSession(Session::model);
    private ValueSource timeout = constant("");
    private @Nullable Duration fixedTimeout;
    private final List<OwnedField> further = new ArrayList<>();
    private FailurePolicy failurePolicy = FailurePolicy.FAIL_OPEN;

    private Builder() {}

    /**
     * Sets the prefix of the plugin's own field names. Default: {@link #DEFAULT_PREFIX}.
     *
     * @param prefix what stands between {@code X-} and {@code -CLI}
     * @return this
     */
    public Builder prefix(String prefix) {
      this.prefix = Objects.requireNonNull(prefix, "prefix");
      return this;
    }

    /**
     * Sets the tool that the proxy is part of.
     *
     * @param name its name; not empty
     * @param version its version; not empty
     * @return this
     */
    public Builder cli(String name, String version) {
      this.cliName = Objects.requireNonNull(name, "name");
      this.cliVersion = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Sets the client program, in place of the session's agent.
     *
     * @param client its name; not empty
     * @return this
     */
    public Builder client(String client) {
      this.client = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * Sets the integration in use.
     *
     * @param integration its id; empty for none
     * @return this
     */
    public Builder integration(String integration) {
      this.integration = constant(integration);
      return this;
    }

    /**
     * Sets a function that finds the integration in use.
     *
     * @param integration gives its id
     * @return this
     */
    public Builder integration(HeaderValue integration) {
      this.integration = function(integration);
      return this;
    }

    /**
     * Sets the model, in place of the session's.
     *
     * @param model its name; empty for none
     * @return this
     */
    public Builder model(String model) {
      this.model = constant(model);
      return this;
    }

    /**
     * Sets a function that finds the model, in place of the session's.
     *
     * @param model gives its name
     * @return this
     */
    public Builder model(HeaderValue model) {
      this.model = function(model);
      return this;
    }

    /**
     * Sets the time-out that the tool works with.
     *
     * @param timeout whole seconds, one at least
     * @return this
     */
    public Builder timeout(Duration timeout) {
      this.fixedTimeout = timeout;
      this.timeout = constant(Long.toString(timeout.toSeconds()));
      return this;
    }

    /**
     * Sets a function that finds the time-out that the tool works with.
     *
     * @param timeout gives it, as text
     * @return this
     */
    public Builder timeout(HeaderValue timeout) {
      this.fixedTimeout = null;
      this.timeout = function(timeout);
      return this;
    }

    /**
     * Adds a further field.
     *
     * @param name its whole name, without the prefix; no field of framing, such as {@code
     *     Connection}
     * @param value its value; empty to send none and to remove what the client sent
     * @return this
     */
    public Builder header(String name, String value) {
      further.add(new OwnedField(Objects.requireNonNull(name, "name"), constant(value)));
      return this;
    }

    /**
     * Adds a further field whose value is found anew for each request.
     *
     * @param name its whole name, without the prefix; no field of framing, such as {@code
     *     Connection}
     * @param value gives its value
     * @return this
     */
    public Builder header(String name, HeaderValue value) {
      further.add(new OwnedField(Objects.requireNonNull(name, "name"), function(value)));
      return this;
    }

    /**
     * Refuses a request on which a function fails, rather than let it go on with the client's own
     * fields. For upstreams that trust the fields.
     *
     * @return this
     */
    public Builder failClosed() {
      failurePolicy = FailurePolicy.FAIL_CLOSED;
      return this;
    }

    /**
     * Makes the plugin.
     *
     * @return the plugin
     * @throws IllegalArgumentException naming each offending setting and what was expected; values
     *     are not shown, for they may be secrets
     */
    public HeaderInjectionPlugin build() {
      List<String> mistakes = new ArrayList<>();
      Mistakes.ofName(prefix).ifPresent(mistake -> mistakes.add("prefix: " + mistake));
      List<OwnedField> fields = fields(mistakes.isEmpty() ? prefix : DEFAULT_PREFIX);
      if (isEmpty(cliName) || isEmpty(cliVersion)) {
        mistakes.add("name and version of the CLI must not be empty");
      }
      if (isEmpty(client)) mistakes.add("client must not be empty");
      if (fixedTimeout != null && !isWholeSeconds(fixedTimeout)) {
        mistakes.add("timeout must be whole seconds, one at least, but was " + fixedTimeout);
      }
      mistakes.addAll(Mistakes.ofFields(fields));
      Mistakes.throwIfAny("invalid settings of plugin", mistakes);
      return new HeaderInjectionPlugin(failurePolicy, fields);
    }

    private List<OwnedField> fields(String legalPrefix) {
      String start = "X-" + legalPrefix + "-";
      String name = cliName == null ? FALLBACK : cliName;
      ValueSource cli =
          cliName == null ? ValueSource.agentOr(name) : constant(name + "/" + cliVersion);
      ValueSource asking = client == null ? ValueSource.agentOr(name) : constant(client);
      List<OwnedField> fields = new ArrayList<>();
      fields.add(new OwnedField(start + "CLI", cli));
      fields.add(new OwnedField(start + "Client", asking));
      fields.add(new OwnedField(start + "Request-ID", function(ProxyContext::requestId)));
      fields.add(new OwnedField(start + "Session-ID", new ValueSource.OfSession(Session::id)));
      fields.add(new OwnedField(start + "Integration", integration));
      fields.add(new OwnedField(start + "CLI-Model", model));
      fields.add(new OwnedField(start + "CLI-Timeout", timeout));
      fields.addAll(further);
      return fields;
    }

    private static ValueSource constant(String text) {
      return new ValueSource.Constant(Objects.requireNonNull(text, "value"));
    }

    private static ValueSource function(HeaderValue function) {
      return new ValueSource.OfRequest(Objects.requireNonNull(function, "value"));
    }

    private static boolean isWholeSeconds(Duration timeout) {
      long seconds = timeout.toSeconds();
      return seconds >= 1 && timeout.equals(Duration.ofSeconds(seconds));
    }

    private static boolean isEmpty(@Nullable String text) {
      return text != null && text.isEmpty();
    }
  }
}
