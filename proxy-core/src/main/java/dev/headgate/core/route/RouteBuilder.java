package dev.headgate.core.route;

import dev.headgate.api.http.FieldSyntax;
import dev.headgate.core.config.Admission;
import dev.headgate.core.config.Timeouts;
import dev.headgate.core.egress.AddressPolicy;
import dev.headgate.core.egress.NameLookup;
import dev.headgate.core.forwarded.ForwardedFields;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.rewrite.PathMapping;
import dev.headgate.core.rewrite.PrefixMapping;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.tls.UpstreamTls;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects a {@link Route}; not thread-safe. Bad values are kept as mistakes of the route, which
 * {@link Router} reports; only null is refused at once.
 */
public final class RouteBuilder {
  final String path;
  final @Nullable PathPattern pattern;
  final Set<String> methods = new LinkedHashSet<>();
  final List<HeaderPredicate> predicates = new ArrayList<>();
  final List<String> mistakes = new ArrayList<>();
  @Nullable TargetUrl target;
  @Nullable RouteHandler handler;
  HostPolicy hostPolicy = HostPolicy.target();
  Destination.Protocol protocol = Destination.Protocol.NEGOTIATED;
  @Nullable UpstreamTls upstreamTls;
  @Nullable Timeouts timeouts;
  @Nullable PathRewrite rewrite;
  PathMapping paths = new PrefixMapping("", "");
  boolean rewritesBack = true;
  @Nullable ForwardedFields forwarding;
  @Nullable Admission admission;
  @Nullable AddressPolicy addresses;
  NameLookup lookup = InetAddress::getAllByName;
  private final Set<HostPattern> hosts = new LinkedHashSet<>();
  private @Nullable String id;
  private boolean targetGiven;

  RouteBuilder(String path) {
    this.path = Objects.requireNonNull(path, "pathPattern");
    PathPattern parsed = null;
    try {
      parsed = PathPattern.parse(path);
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
    this.pattern = parsed;
  }

  /**
   * Sets the id. Default: made of methods, host and path pattern, with {@code #2} and so on where
   * needed.
   *
   * @param id the id, unique in a router: visible ASCII, 1 to 128 characters
   * @return this
   */
  public RouteBuilder id(String id) {
    boolean visible = id.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (id.isEmpty() || id.length() > 128 || !visible) {
      mistakes.add("id must be 1 to 128 visible ASCII characters, but was '" + id + "'");
    }
    this.id = id;
    return this;
  }

  /**
   * Adds a host; the route matches if one of its hosts does. Default: any host.
   *
   * @param host a name, an address, or {@code *.example.com} for all names below one, at any depth;
   *     without port, in any case
   * @return this
   */
  public RouteBuilder host(String host) {
    Objects.requireNonNull(host, "host");
    note(() -> hosts.add(HostPattern.parse(host)));
    return this;
  }

  /**
   * Adds methods that are served. Default: all. GET does not imply HEAD.
   *
   * @param names the methods, case-sensitive
   * @return this
   */
  public RouteBuilder methods(String... names) {
    for (String name : names) {
      if (!FieldSyntax.isToken(Objects.requireNonNull(name, "name"))) {
        mistakes.add("method must be a token, but was '" + name + "'");
      } else if (name.equals("CONNECT")) {
        mistakes.add("method must not be 'CONNECT': tunnels are not routed");
      } else {
        methods.add(name);
      }
    }
    return this;
  }

  /**
   * Asks for a field.
   *
   * @param name the field's name
   * @return this
   */
  public RouteBuilder headerPresent(String name) {
    Objects.requireNonNull(name, "name");
    note(() -> predicates.add(HeaderPredicate.present(name)));
    return this;
  }

  /**
   * Asks for a field with a value.
   *
   * @param name the field's name
   * @param value the whole value of one of its lines
   * @return this
   */
  public RouteBuilder headerEquals(String name, String value) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    note(() -> predicates.add(HeaderPredicate.equalTo(name, value)));
    return this;
  }

  /**
   * Asks for a field whose value matches.
   *
   * @param name the field's name
   * @param regex a {@link java.util.regex.Pattern} for the whole value of one of its lines; it sees
   *     what clients send, so it must not backtrack without bound
   * @return this
   */
  public RouteBuilder headerMatches(String name, String regex) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(regex, "regex");
    note(() -> predicates.add(HeaderPredicate.matching(name, regex)));
    return this;
  }

  /**
   * Sends requests to an upstream. A route has either a target or a handler.
   *
   * @param url an http or https URL, perhaps with a base path that is put before every path;
   *     without user name, query and fragment
   * @return this
   */
  public RouteBuilder target(String url) {
    Objects.requireNonNull(url, "url");
    targetGiven = true;
    note(() -> target = TargetUrl.parse(url));
    return this;
  }

  /**
   * Lets a handler answer. A route has either a target or a handler.
   *
   * @param answer what answers
   * @return this
   */
  public RouteBuilder handler(RouteHandler answer) {
    handler = Objects.requireNonNull(answer, "answer");
    return this;
  }

  /**
   * Sets which versions of HTTP the upstream is spoken to in. Default: negotiated.
   *
   * @param versions the versions
   * @return this
   */
  public RouteBuilder protocol(Destination.Protocol versions) {
    protocol = Objects.requireNonNull(versions, "versions");
    return this;
  }

  /**
   * Sets how TLS is spoken with the upstream. Default: the JDK's authorities, the host's name
   * checked, TLS 1.2 or later.
   *
   * @param tls the settings, for an https target
   * @return this
   */
  public RouteBuilder upstreamTls(UpstreamTls tls) {
    upstreamTls = Objects.requireNonNull(tls, "tls");
    return this;
  }

  /**
   * Sets which Host the upstream is sent. Default: the target's.
   *
   * @param policy the policy
   * @return this
   */
  public RouteBuilder hostPolicy(HostPolicy policy) {
    hostPolicy = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets time limits for this route. Default: the proxy's. All of them take the place of the
   * proxy's, but for a total limit that is null here: then the proxy's stays. That of a route
   * counts from when the route was chosen; the times of {@link Timeouts#requestHead()} and {@link
   * Timeouts#keepAlive()} are over by then, and always the proxy's.
   *
   * @param limits the limits
   * @return this
   */
  public RouteBuilder timeouts(Timeouts limits) {
    timeouts = Objects.requireNonNull(limits, "limits");
    return this;
  }

  /**
   * Sets which path the upstream is asked for. Default: the path as it was matched.
   *
   * @param rule the rule
   * @return this
   */
  public RouteBuilder rewrite(PathRewrite rule) {
    rewrite = Objects.requireNonNull(rule, "rule");
    return this;
  }

  /**
   * Leaves {@code Location}, {@code Content-Location} and the scope of {@code Set-Cookie} in
   * responses as they come. By default those that point at the target lead through the proxy again.
   *
   * @return this
   */
  public RouteBuilder withoutResponseRewriting() {
    rewritesBack = false;
    return this;
  }

  /**
   * Sets what the upstream is told of the client. Default: what the proxy's setting says.
   *
   * @param setting the setting
   * @return this
   */
  public RouteBuilder forwardedFields(ForwardedFields setting) {
    forwarding = Objects.requireNonNull(setting, "setting");
    return this;
  }

  /**
   * Limits how many exchanges of this route run at a time, besides the proxy's limit. Default:
   * none.
   *
   * @param limit the limit
   * @return this
   */
  public RouteBuilder admission(Admission limit) {
    admission = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /**
   * Sets to which addresses the upstream's name may lead: each is checked when it has been looked
   * up, and just what was checked is connected to. Others are 403 {@code address_denied}, as is the
   * address of the proxy itself. Default: all, as who runs the proxy named the upstream.
   *
   * @param policy the policy, for a route with a target
   * @return this
   */
  public RouteBuilder addresses(AddressPolicy policy) {
    addresses = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * The same, with a lookup of one's own in place of the system's.
   *
   * @param policy the policy, for a route with a target
   * @param names finds the addresses; its answers are remembered for 30 s
   * @return this
   */
  public RouteBuilder addresses(AddressPolicy policy, NameLookup names) {
    lookup = Objects.requireNonNull(names, "names");
    return addresses(policy);
  }

  /**
   * Makes the route.
   *
   * @return the route, with what is wrong in {@link Route#mistakes()}
   */
  public Route build() {
    List<String> own = List.copyOf(mistakes);
    if (targetGiven && handler != null)
      mistakes.add("a route must not have a target and a handler");
    if (!targetGiven && handler == null) mistakes.add("a route must have a target or a handler");
    if (upstreamTls != null) checkTls(upstreamTls);
    if (handler != null && addresses != null) {
      mistakes.add("a route with a handler connects to nothing, so it takes no address policy");
    }
    if (hostPolicy instanceof HostPolicy.Fixed fixed) checkFixedHost(fixed.authority());
    mapPaths();
    Route route = new Route(this);
    mistakes.clear();
    mistakes.addAll(own);
    return route;
  }

  boolean idGiven() {
    return id != null;
  }

  /**
   * The id given, or one that says what the route matches; never a field's value, which may be a
   * secret.
   */
  String id() {
    if (id != null) return id;
    StringBuilder out = new StringBuilder();
    if (!methods.isEmpty()) out.append(String.join(",", sorted(methods))).append(' ');
    String separator = "";
    for (HostPattern host : hosts) {
      out.append(separator).append(host);
      separator = ",";
    }
    return out.append(path).toString();
  }

  List<HostPattern> hostPatterns() {
    return hosts.isEmpty() ? List.of(HostPattern.ANY) : List.copyOf(hosts);
  }

  static Collection<String> sorted(Collection<String> names) {
    return new TreeSet<>(names);
  }

  private void mapPaths() {
    if (handler != null && rewrite != null) {
      mistakes.add("a route with a handler must not rewrite paths");
    }
    String base = target == null ? "" : target.basePath();
    paths = new PrefixMapping("", base);
    if (rewrite == null || pattern == null) return;
    PathMapping made = rewrite.mapping(pattern, base, mistakes);
    if (made != null) paths = made;
  }

  private void checkTls(UpstreamTls tls) {
    mistakes.addAll(tls.mistakes());
    if (target != null && !target.target().secure()) {
      mistakes.add("upstream TLS needs an https target, but it is '" + target.target() + "'");
    }
  }

  private void checkFixedHost(String authority) {
    try {
      RequestTarget.normaliseAuthority(authority);
    } catch (BadTargetException e) {
      mistakes.add(
          "fixed Host must be a host, perhaps with a port of 1 to 65535, but was '"
              + authority
              + "'");
    }
  }

  private void note(Runnable step) {
    try {
      step.run();
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
  }
}
