package dev.headgate.core.egress;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.http.HeaderField;
import dev.headgate.api.http.Headers;
import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Destination.Protocol;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.tls.UpstreamTls;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one forward proxy at work: who may use it, where to, and by which way. Thread-safe.
 */
public final class Egress {
  private static final String BASIC = "Basic ";

  private final ForwardOptions options;
  private final @Nullable InspectOptions inspect;
  private final @Nullable Inspecting inspecting;
  private final boolean tunnels;
  private final CheckedResolver resolver;
  private final List<HeaderField> challenge;

  /**
   * Makes the policy of a proxy.
   *
   * @param options what was configured, without mistakes
   * @param inspect how tunnels are looked into, without mistakes; null for never
   * @param tunnels whether the backend can open any
   * @param nanoTime the engine's time
   */
  public Egress(
      ForwardOptions options,
      @Nullable InspectOptions inspect,
      boolean tunnels,
      LongSupplier nanoTime) {
    this.tunnels = tunnels;
    this.options = options;
    this.inspect = inspect;
    this.inspecting = inspect == null ? null : new Inspecting(inspect, nanoTime);
    this.resolver =
        new CheckedResolver(
            options.addresses, options.lookup, nanoTime, options.dnsTtl, options.dnsErrorTtl);
    this.challenge =
        List.of(
            new HeaderField(
                "Proxy-Authenticate", "Basic realm=\"" + options.realm + "\", charset=\"UTF-8\""));
  }

  /**
   * Says where the proxy itself listens, which it never connects to.
   *
   * @param address the bound address
   */
  public void listensOn(InetSocketAddress address) {
    resolver.listensOn(address);
  }

  // --- who

  /**
   * Returns whether clients must say who they are.
   *
   * @return whether there is a check
   */
  public boolean authenticates() {
    return options.authenticator != null;
  }

  /**
   * Returns how long a check may take.
   *
   * @return above zero
   */
  public Duration authenticationTime() {
    return options.authenticationTime;
  }

  /**
   * Returns what a client is asked for that may not go on.
   *
   * @return the fields of a 407
   */
  public List<HeaderField> challenge() {
    return challenge;
  }

  /**
   * Checks a client's credentials.
   *
   * @param headers the request's fields
   * @return completes with whether it may go on
   */
  public CompletionStage<Boolean> authenticate(Headers headers) {
    ProxyAuthenticator check = options.authenticator;
    if (check == null) return CompletableFuture.completedFuture(true);
    String value = headers.get("Proxy-Authorization");
    if (value == null || !value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return CompletableFuture.completedFuture(false);
    }
    String pair;
    try {
      byte[] decoded = Base64.getDecoder().decode(value.substring(BASIC.length()).trim());
      pair = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(false);
    }
    int colon = pair.indexOf(':');
    if (colon < 0) return CompletableFuture.completedFuture(false);
    try {
      return Objects.requireNonNull(
          check.check(pair.substring(0, colon), pair.substring(colon + 1)),
          "the check of credentials gave null");
    } catch (Throwable t) {
      return CompletableFuture.failedFuture(t); // the check is the application's code
    }
  }

  // --- where to

  /**
   * Says whether tunnels can be opened at all.
   *
   * @return whether the backend has them
   */
  public boolean tunnels() {
    return tunnels;
  }

  /**
   * Says whether a request may go to a host.
   *
   * @param host a name or an address, IPv6 without brackets
   * @return why not; null when it may
   */
  public @Nullable ProxyError denial(String host) {
    if (reaches(host)) return null;
    return new ProxyFault(
        ErrorCode.DESTINATION_DENIED, Phase.ROUTE, "This proxy does not serve this host.");
  }

  /**
   * Says whether a tunnel may lead to an address.
   *
   * @param address where a client asks to be connected to
   * @return why not; null when it may
   */
  public @Nullable ProxyError denial(HostPort address) {
    if (!options.connectPorts.contains(address.port())) {
      return new ClientFault(
          ErrorCode.CONNECT_DENIED, Phase.ROUTE, "This proxy opens no tunnels to this port.");
    }
    if (reaches(address.host())) return null;
    return new ClientFault(
        ErrorCode.CONNECT_DENIED, Phase.ROUTE, "This proxy opens no tunnels to this host.");
  }

  private boolean reaches(String host) {
    if (options.deniedHosts.contain(host)) return false;
    return options.allowedHosts.isEmpty() || options.allowedHosts.contain(host);
  }

  // --- by which way

  /**
   * Returns the way to a target for requests.
   *
   * @param target the target
   * @return the destination
   * @throws AddressDeniedException if the target is an address that must not be connected to
   */
  public Destination requests(Target target) throws AddressDeniedException {
    return destination(target, Protocol.NEGOTIATED);
  }

  /**
   * Returns the way to an address for the bytes of a tunnel.
   *
   * @param address the address
   * @return the destination
   * @throws AddressDeniedException if it is an address that must not be connected to
   */
  public Destination tunnel(HostPort address) throws AddressDeniedException {
    return destination(new Target("http", address), Protocol.TUNNEL);
  }

  /**
   * Returns how tunnels are looked into.
   *
   * @return null where they never are
   */
  public @Nullable Inspecting inspecting() {
    return inspecting;
  }

  /**
   * Returns the way to the host of a tunnel that is looked into.
   *
   * @param address the address
   * @return the destination, secured, for the requests inside
   * @throws AddressDeniedException if it is an address that must not be connected to
   */
  public Destination inspected(HostPort address) throws AddressDeniedException {
    Destination way = requests(new Target("https", address));
    UpstreamTls tls = inspect == null ? null : inspect.upstreamTls;
    return new Destination(way.target(), way.protocol(), tls, way.resolver(), way.parent());
  }

  private Destination destination(Target target, Protocol protocol) throws AddressDeniedException {
    HostPort address = target.address();
    // A plugin may name any text as host; a parent would be told it as it is.
    if (!HostRules.isHost(address.host())) throw new AddressDeniedException("this is no host");
    ParentProxy parent = parent(address.host());
    if (parent == null) return new Destination(target, protocol, null, resolver, null);
    // The parent resolves names; what is an address already can be checked here.
    if (AddressLiteral.parse(address.host()) != null) resolver.known(address);
    return new Destination(target, protocol, null, Resolver.direct(), parent);
  }

  private @Nullable ParentProxy parent(String host) {
    if (options.directHosts.contain(host)) return null;
    for (ForwardOptions.ParentRule rule : options.parents) {
      if (rule.hosts().contain(host)) return rule.parent();
    }
    return null;
  }
}
