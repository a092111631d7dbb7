package dev.headgate;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.DataRates;
import dev.headgate.core.config.Http2Options;
import dev.headgate.core.config.Limits;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.ForwardOptions;
import dev.headgate.core.egress.InspectOptions;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.forwarded.TrustedClients;
import dev.headgate.core.registry.PluginOptions;
import dev.headgate.core.route.Route;
import dev.headgate.core.route.RouteHandler;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.tls.ListenerTls;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Collects what a proxy is to do. Not thread-safe. Nothing is checked before {@link #start()},
 * which reports all mistakes at once; but values with a type of their own, such as {@link
 * Timeouts}, are checked when they are made. What is null where it must not be is refused at once.
 */
public final class ProxyBuilder {
  private final ProxySettings settings = new ProxySettings();

  ProxyBuilder() {}

  /**
   * Sets where to listen.
   *
   * @param address a name or address of this machine; {@code 127.0.0.1} by default
   * @param number 0, the default, for any free port, to 65535
   * @return this
   */
  public ProxyBuilder listen(String address, int number) {
    settings.host = Objects.requireNonNull(address, "address");
    settings.port = number;
    return this;
  }

  /**
   * Sets the port, on the loopback interface unless {@link #listen} says otherwise.
   *
   * @param number 0, the default, for any free port, to 65535
   * @return this
   */
  public ProxyBuilder port(int number) {
    settings.port = number;
    return this;
  }

  /**
   * Speaks TLS with clients. Plain HTTP by default.
   *
   * @param settings certificates, versions, and what clients are asked for
   * @return this
   */
  public ProxyBuilder tls(ListenerTls settings) {
    this.settings.tls = Objects.requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Adds a route to an upstream.
   *
   * @param path a pattern: {@code /a/b}, {@code /v1/**}, {@code /users/{id}}
   * @param target the upstream's {@code http} or {@code https} URL; its path goes before the
   *     request's
   * @return this
   */
  public ProxyBuilder route(String path, String target) {
    return route(Route.to(path, target));
  }

  /**
   * Adds a route to a handler, which answers in place of an upstream.
   *
   * @param path a pattern, as above
   * @param handler the handler
   * @return this
   */
  public ProxyBuilder route(String path, RouteHandler handler) {
    return route(Route.to(path, handler));
  }

  /**
   * Adds a route.
   *
   * @param route the route
   * @return this
   */
  public ProxyBuilder route(Route route) {
    settings.routes.add(Objects.requireNonNull(route, "route"));
    return this;
  }

  /**
   * Serves as a forward proxy too: requests in absolute-form that no route matches go to the target
   * that they name, and CONNECT opens tunnels. Needs no route.
   *
   * @param options who may use it, where to, and by which way
   * @return this
   */
  public ProxyBuilder forward(ForwardOptions options) {
    settings.forward = Objects.requireNonNull(options, "options");
    return this;
  }

  /**
   * Looks into the TLS of tunnels, where the options or a plugin say so: only for a forward proxy
   * whose clients trust the authority.
   *
   * @param options with whose certificates, and into which tunnels; never by default
   * @return this
   */
  public ProxyBuilder inspect(InspectOptions options) {
    settings.inspect = Objects.requireNonNull(options, "options");
    return this;
  }

  /**
   * Adds a plugin, enabled and with the priority that it declares.
   *
   * @param plugin the plugin
   * @return this
   */
  public ProxyBuilder plugin(ProxyPlugin plugin) {
    return plugin(plugin, options -> {});
  }

  /**
   * Adds a plugin, used as the options say.
   *
   * @param plugin the plugin
   * @param how sets the options
   * @return this
   */
  public ProxyBuilder plugin(ProxyPlugin plugin, Consumer<? super PluginOptions> how) {
    PluginOptions options = new PluginOptions();
    how.accept(options);
    settings.add(Objects.requireNonNull(plugin, "plugin"), options);
    return this;
  }

  /**
   * Adds all plugins that {@link java.util.ServiceLoader} finds at the start, in the order of their
   * ids, behind those added by hand (of which one with the same id wins).
   *
   * @return this
   */
  public ProxyBuilder discoverPlugins() {
    settings.discovery = true;
    return this;
  }

  /**
   * Sets whom the proxy works for; a session with a random id by default.
   *
   * @param facts the session
   * @return this
   */
  public ProxyBuilder session(Session facts) {
    settings.session = Objects.requireNonNull(facts, "facts");
    return this;
  }

  /**
   * Sets where the session's credentials come from; none by default.
   *
   * @param supplier the supplier
   * @return this
   */
  public ProxyBuilder credentials(CredentialsSupplier supplier) {
    settings.credentials = Objects.requireNonNull(supplier, "supplier");
    return this;
  }

  /**
   * Sets how long each phase may take, where a route has no timeouts of its own.
   *
   * @param values the timeouts; {@link Timeouts#defaults()} by default
   * @return this
   */
  public ProxyBuilder timeouts(Timeouts values) {
    settings.timeouts = Objects.requireNonNull(values, "values");
    return this;
  }

  /**
   * Sets how much a client may send.
   *
   * @param values the limits; {@link Limits#defaults()} by default
   * @return this
   */
  public ProxyBuilder limits(Limits values) {
    settings.limits = Objects.requireNonNull(values, "values");
    return this;
  }

  /**
   * Sets how much may be under way on a client's connection of HTTP/2. For connections to upstreams
   * see {@link dev.headgate.core.spi.EngineOptions#http2()}.
   *
   * @param values the options; {@link Http2Options#defaults()} by default
   * @return this
   */
  public ProxyBuilder http2(Http2Options values) {
    settings.http2 = Objects.requireNonNull(values, "values");
    return this;
  }

  /**
   * Sets how fast clients must at least send and take bodies.
   *
   * @param values the rates; {@link DataRates#none()} by default
   * @return this
   */
  public ProxyBuilder dataRates(DataRates values) {
    settings.rates = Objects.requireNonNull(values, "values");
    return this;
  }

  /**
   * Limits how many exchanges run at a time; no limit by default.
   *
   * @param limit the limit
   * @return this
   */
  public ProxyBuilder admission(Admission limit) {
    settings.admission = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /**
   * Sets which clients are intermediaries whose {@code Forwarded} or {@code X-Forwarded-} fields
   * count. From all others these fields are dropped before plugins see the request.
   *
   * @param clients the clients; {@link TrustedClients#none()} by default
   * @return this
   */
  public ProxyBuilder trustedClients(TrustedClients clients) {
    settings.trusted = Objects.requireNonNull(clients, "clients");
    return this;
  }

  /**
   * Sets what upstreams are told of the client, where a route has no setting of its own.
   *
   * @param setting the setting; {@link ForwardedFields#none()} by default
   * @return this
   */
  public ProxyBuilder forwardedFields(ForwardedFields setting) {
    settings.forwarding = Objects.requireNonNull(setting, "setting");
    return this;
  }

  /**
   * Sets the name the proxy uses for itself in {@code Via} and {@code Proxy-Status}. Another proxy
   * of the same name on a request's way takes it for a loop. {@code headgate-} and a random part by
   * default.
   *
   * @param name a token
   * @return this
   */
  public ProxyBuilder pseudonym(String name) {
    settings.pseudonym = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Leaves {@code Proxy-Status} out of responses.
   *
   * @return this
   */
  public ProxyBuilder withoutProxyStatus() {
    settings.proxyStatus = false;
    return this;
  }

  /**
   * Serves further Host names on a loopback listener, besides loopback names and the hosts of
   * routes. Others get 421, lest a page in a browser reach the proxy by a name of its own (DNS
   * rebinding).
   *
   * @param names names or addresses, without ports
   * @return this
   */
  public ProxyBuilder allowHosts(String... names) {
    settings.allowedHosts.addAll(List.of(names));
    return this;
  }

  /**
   * Serves any Host on a loopback listener. Only where no browser can reach it, or a plugin checks.
   *
   * @return this
   */
  public ProxyBuilder allowAnyHost() {
    settings.anyHost = true;
    return this;
  }

  /**
   * Sets when a failing plugin is suspended.
   *
   * @param faults how many faults in a row, 1 or more; 5 by default
   * @param wait how long until it is tried again, above zero; 30 s by default
   * @return this
   */
  public ProxyBuilder suspendAfter(int faults, Duration wait) {
    settings.faultsInARow = faults;
    settings.coolDown = Objects.requireNonNull(wait, "wait");
    return this;
  }

  /**
   * Sets how long {@link Proxy#close()} and {@link Proxy#stop()} let exchanges finish.
   *
   * @param time zero or more; 10 s by default
   * @return this
   */
  public ProxyBuilder grace(Duration time) {
    settings.grace = Objects.requireNonNull(time, "time");
    return this;
  }

  /**
   * Runs on an engine that the application keeps, in place of the common one.
   *
   * @param shared a running engine
   * @return this
   */
  public ProxyBuilder engine(ProxyEngine shared) {
    settings.engine = Objects.requireNonNull(shared, "shared");
    return this;
  }

  /**
   * Chooses a backend by name, where several are found.
   *
   * @param name the name
   * @return this
   */
  public ProxyBuilder backend(String name) {
    settings.backendName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Chooses a backend.
   *
   * @param chosen the backend
   * @return this
   */
  public ProxyBuilder backend(Backend chosen) {
    settings.backend = Objects.requireNonNull(chosen, "chosen");
    return this;
  }

  /**
   * Checks everything, listens, starts the plugins in order, and takes the first exchange.
   *
   * @return a running proxy; the caller closes it
   * @throws ConfigurationException naming each mistake, before anything was started
   * @throws StartException if the address can't be bound or a plugin refuses; nothing is left
   *     behind
   */
  public Proxy start() {
    return ProxyStarter.start(settings);
  }
}
