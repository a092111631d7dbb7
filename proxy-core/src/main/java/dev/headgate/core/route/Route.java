package dev.headgate.core.route;

import dev.headgate.api.Target;
import dev.headgate.api.http.Headers;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.NameLookup;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.rewrite.PathMapping;
import dev.headgate.core.rewrite.UpstreamReferences;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Resolver;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go where: a path pattern, perhaps with hosts, methods and fields, and a target or
 * a handler.
 *
 * <p>Path patterns, matched on the normalised path, segment by segment:
 *
 * <ul>
 *   <li>{@code /a/b}: just that; {@code /a/b/} is another path;
 *   <li>{@code /v1/**}: {@code /v1} and all below it; {@code /**} matches every path and {@code
 *       OPTIONS *};
 *   <li>{@code /users/{id}/posts/{post}}: each variable is one segment that is not empty;
 *   <li>{@code /files/{rest...}}: as {@code /files/**}, with a name for the rest.
 * </ul>
 *
 * <p>Immutable. A route may have mistakes in it: building one never fails on its values, so that
 * {@link Router} can report the mistakes of all routes at once. Until a router has accepted it,
 * only {@link #id()}, {@link #toString()} and {@link #mistakes()} are of use.
 */
public final class Route {
  private final String id;
  private final boolean idGiven;
  private final String path;
  private final @Nullable PathPattern pattern;
  private final List<HostPattern> hosts;
  private final Set<String> methods;
  private final List<HeaderPredicate> predicates;
  private final @Nullable TargetUrl target;
  private final @Nullable Destination destination;
  private final @Nullable RouteHandler handler;
  private final HostPolicy hostPolicy;
  private final @Nullable Timeouts timeouts;
  private final PathMapping paths;
  private final @Nullable UpstreamReferences references;
  private final @Nullable ForwardedFields forwarding;
  private final @Nullable Admission admission;
  private final @Nullable AddressPolicy addresses;
  private final NameLookup lookup;
  private final List<String> mistakes;

  Route(RouteBuilder b) {
    this.id = b.id();
    this.idGiven = b.idGiven();
    this.path = b.path;
    this.pattern = b.pattern;
    this.hosts = b.hostPatterns();
    this.methods = Set.copyOf(b.methods);
    this.predicates = List.copyOf(b.predicates);
    this.target = b.target;
    this.destination =
        b.target == null ? null : new Destination(b.target.target(), b.protocol, b.upstreamTls);
    this.handler = b.handler;
    this.hostPolicy = b.hostPolicy;
    this.timeouts = b.timeouts;
    this.paths = b.paths;
    this.references =
        b.target == null || !b.rewritesBack
            ? null
            : new UpstreamReferences(b.target.target(), paths);
    this.forwarding = b.forwarding;
    this.admission = b.admission;
    this.addresses = b.addresses;
    this.lookup = b.lookup;
    this.mistakes = List.copyOf(b.mistakes);
  }

  private Route(Route other, String id, @Nullable Destination destination) {
    this.id = id;
    this.idGiven = other.idGiven;
    this.path = other.path;
    this.pattern = other.pattern;
    this.hosts = other.hosts;
    this.methods = other.methods;
    this.predicates = other.predicates;
    this.target = other.target;
    this.destination = destination;
    this.handler = other.handler;
    this.hostPolicy = other.hostPolicy;
    this.timeouts = other.timeouts;
    this.paths = other.paths;
    this.references = other.references;
    this.forwarding = other.forwarding;
    this.admission = other.admission;
    this.addresses = other.addresses;
    this.lookup = other.lookup;
    this.mistakes = other.mistakes;
  }

  /**
   * Makes a route to an upstream.
   *
   * @param pathPattern the path pattern
   * @param targetUrl the upstream, as for {@link RouteBuilder#target}
   * @return the route
   */
  public static Route to(String pathPattern, String targetUrl) {
    return builder(pathPattern).target(targetUrl).build();
  }

  /**
   * Makes a route to a handler.
   *
   * @param pathPattern the path pattern
   * @param handler what answers
   * @return the route
   */
  public static Route to(String pathPattern, RouteHandler handler) {
    return builder(pathPattern).handler(handler).build();
  }

  /**
   * Begins a route.
   *
   * @param pathPattern the path pattern
   * @return a builder, not thread-safe
   */
  public static RouteBuilder builder(String pathPattern) {
    return new RouteBuilder(pathPattern);
  }

  /**
   * Returns the id.
   *
   * @return the id given, or one made of methods, host and path pattern; unique in a router
   */
  public String id() {
    return id;
  }

  /**
   * Returns the path pattern.
   *
   * @return the pattern as written
   */
  public String path() {
    return path;
  }

  /**
   * Returns the methods.
   *
   * @return the methods that are served; empty for all
   */
  public Set<String> methods() {
    return methods;
  }

  /**
   * Returns where requests are sent.
   *
   * @return the upstream; null where a handler answers
   */
  public @Nullable Target target() {
    return target == null ? null : target.target();
  }

  /**
   * Returns where requests go, and how.
   *
   * @return the target with the terms of the route; null where there is a handler
   */
  public @Nullable Destination destination() {
    return destination;
  }

  /**
   * Returns what answers in place of an upstream.
   *
   * @return the handler; null where there is a target
   */
  public @Nullable RouteHandler handler() {
    return handler;
  }

  /**
   * Returns which Host the upstream is sent.
   *
   * @return the policy; the target's by default
   */
  public HostPolicy hostPolicy() {
    return hostPolicy;
  }

  /**
   * Returns the time limits of this route.
   *
   * @return the limits; null for the proxy's
   */
  public @Nullable Timeouts timeouts() {
    return timeouts;
  }

  /**
   * Returns the Host that the route's own target is sent. Allocates nothing.
   *
   * @param clientAuthority the authority that the client asked for; may be empty
   * @return the value of Host
   * @throws IllegalStateException if the route has no target
   */
  public String upstreamHost(String clientAuthority) {
    return hostPolicy.host(requireTarget().authority(), clientAuthority);
  }

  /**
   * Returns the path to ask the upstream for: the target's base path, then the request's path as
   * the route rewrites it.
   *
   * @param requestPath the normalised path, or {@code *}, which stays as it is
   * @return a normalised path; {@code requestPath} itself where nothing changes
   * @throws IllegalStateException if the route has no target
   */
  public String upstreamPath(String requestPath) {
    requireTarget();
    return requestPath.equals(PathPattern.ASTERISK) ? requestPath : paths.toUpstream(requestPath);
  }

  /**
   * Returns how references to the upstream are rewritten in its responses.
   *
   * @return the rules; null where there is no target, or they are to stay as they come
   */
  public @Nullable UpstreamReferences references() {
    return references;
  }

  /**
   * Returns what the upstream is told of the client.
   *
   * @return the setting; null for the proxy's
   */
  public @Nullable ForwardedFields forwardedFields() {
    return forwarding;
  }

  /**
   * Returns how many exchanges of this route run at a time.
   *
   * @return the limit, besides the proxy's; null for none
   */
  public @Nullable Admission admission() {
    return admission;
  }

  /**
   * Returns to which addresses the upstream's name may lead.
   *
   * @return the policy; null for all addresses
   */
  public @Nullable AddressPolicy addresses() {
    return addresses;
  }

  /**
   * Returns how the upstream's name is looked up where there is a policy for its addresses.
   *
   * @return the system's way by default
   */
  public NameLookup lookup() {
    return lookup;
  }

  /**
   * Returns this route with another way to find the upstream's addresses.
   *
   * @param resolver gives them
   * @return a new route; itself where a handler answers
   */
  public Route resolvedBy(Resolver resolver) {
    Destination own = destination;
    if (own == null) return this;
    Destination checked =
        new Destination(own.target(), own.protocol(), own.tls(), resolver, own.parent());
    return new Route(this, id, checked);
  }

  /**
   * Returns what is wrong with this route by itself.
   *
   * @return a sentence for each mistake, with the offending value and what was expected; empty for
   *     none
   */
  public List<String> mistakes() {
    return mistakes;
  }

  /** Shows what the route matches, never where it leads. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("host ");
    for (int i = 0; i < hosts.size(); i++) out.append(i == 0 ? "" : ",").append(hosts.get(i));
    out.append(" path ").append(path).append(" method ");
    out.append(methods.isEmpty() ? "(any)" : String.join(",", RouteBuilder.sorted(methods)));
    if (!predicates.isEmpty()) out.append(" headers ").append(predicates);
    return out.toString();
  }

  boolean idGiven() {
    return idGiven;
  }

  /**
   * Returns the hosts that the route names exactly, wildcards aside.
   *
   * @return the names in lower case; empty when it takes any host
   */
  public Set<String> exactHosts() {
    Set<String> names = new HashSet<>();
    for (HostPattern host : hosts) {
      if (host.kind() == HostPattern.Kind.EXACT) names.add(host.name());
    }
    return Set.copyOf(names);
  }

  Route withId(String other) {
    return new Route(this, other, destination);
  }

  PathPattern pattern() {
    return Objects.requireNonNull(pattern, "pattern");
  }

  List<HostPattern> hosts() {
    return hosts;
  }

  List<HeaderPredicate> predicates() {
    return predicates;
  }

  boolean serves(String method) {
    return methods.isEmpty() || methods.contains(method);
  }

  boolean fits(Headers headers) {
    for (int i = 0; i < predicates.size(); i++) {
      if (!predicates.get(i).fits(headers)) return false;
    }
    return true;
  }

  /** The target's URL, for people; {@code handler} where there is none. */
  String leadsTo() {
    if (target == null) return "handler";
    return target.target().scheme() + "://" + target.authority() + target.basePath();
  }

  private TargetUrl requireTarget() {
    if (target == null) throw new IllegalStateException("route '" + id + "' has no target");
    return target;
  }
}
