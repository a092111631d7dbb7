package dev.headgate.core.egress;

import dev.headgate.api.HostPort;
import dev.headgate.core.config.DurationRange;
import dev.headgate.core.spi.ParentProxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy serves as a forward proxy: for requests in absolute-form that no route matches, and
 * for CONNECT. Immutable; made with {@link #builder()}. The defaults reach public addresses only,
 * by CONNECT port 443 only, for everybody who reaches the listener.
 */
public final class ForwardOptions {
  final HostRules allowedHosts;
  final HostRules deniedHosts;
  final Set<Integer> connectPorts;
  final AddressPolicy addresses;
  final NameLookup lookup;
  final Duration dnsTtl;
  final Duration dnsErrorTtl;
  final String realm;
  final @Nullable ProxyAuthenticator authenticator;
  final Duration authenticationTime;
  final HostRules directHosts;
  final List<ParentRule> parents;
  private final List<String> mistakes;

  /** Which hosts are reached through a proxy. */
  record ParentRule(ParentProxy parent, HostRules hosts) {}

  private ForwardOptions(Builder builder) {
    this.allowedHosts = builder.allowedHosts;
    this.deniedHosts = builder.deniedHosts;
    this.connectPorts = Set.copyOf(builder.connectPorts);
    this.addresses = builder.addresses;
    this.lookup = builder.lookup;
    this.dnsTtl = builder.dnsTtl;
    this.dnsErrorTtl = builder.dnsErrorTtl;
    this.realm = builder.realm;
    this.authenticator = builder.authenticator;
    this.authenticationTime = builder.authenticationTime;
    this.directHosts = builder.directHosts;
    this.parents = List.copyOf(builder.parents);
    this.mistakes = List.copyOf(builder.mistakes);
  }

  /**
   * Returns the defaults.
   *
   * @return the options
   */
  public static ForwardOptions defaults() {
    return builder().build();
  }

  /**
   * Begins with the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what is wrong with the options; the proxy's start reports it with all else.
   *
   * @return sentences with the offending values; empty when nothing is wrong
   */
  public List<String> mistakes() {
    return mistakes;
  }

  /**
   * Returns to which ports CONNECT may lead.
   *
   * @return an immutable set; empty when CONNECT is off
   */
  public Set<Integer> connectPorts() {
    return connectPorts;
  }

  /** Collects the options. Not thread-safe; mistakes are kept until the proxy starts. */
  public static final class Builder {
    private final HostRules allowedHosts = new HostRules();
    private final HostRules deniedHosts = new HostRules();
    private final HostRules directHosts = new HostRules();
    private final List<ParentRule> parents = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();
    private Set<Integer> connectPorts = Set.of(443);
    private AddressPolicy addresses = AddressPolicy.publicOnly();
    private NameLookup lookup = InetAddress::getAllByName;
    private Duration dnsTtl = Duration.ofSeconds(30);
    private Duration dnsErrorTtl = Duration.ofSeconds(5);
    private String realm = "proxy";
    private @Nullable ProxyAuthenticator authenticator;
    private Duration authenticationTime = Duration.ofSeconds(10);

    private Builder() {}

    /**
     * Allows these hosts and no others. All are allowed by default.
     *
     * @param patterns names, addresses, {@code *.} and a name, for all names below it, or ranges
     *     such as {@code 10.0.0.0/8}, for hosts that are written as addresses
     * @return this
     */
    public Builder allowHosts(String... patterns) {
      add(allowedHosts, patterns);
      return this;
    }

    /**
     * Denies hosts, whatever else allows them.
     *
     * @param patterns as above; {@code *} for all
     * @return this
     */
    public Builder denyHosts(String... patterns) {
      add(deniedHosts, patterns);
      return this;
    }

    private void add(HostRules rules, String... patterns) {
      for (String pattern : patterns) {
        try {
          rules.add(pattern);
        } catch (IllegalArgumentException e) {
          mistakes.add("forward: " + e.getMessage());
        }
      }
    }

    /**
     * Sets to which ports CONNECT may lead.
     *
     * @param ports 1 to 65535; 443 by default; none turns CONNECT off
     * @return this
     */
    public Builder connectPorts(int... ports) {
      Set<Integer> chosen = new TreeSet<>();
      for (int port : ports) {
        chosen.add(port);
        if (port < 1 || port > 65535) {
          mistakes.add("forward: port for CONNECT must be 1 to 65535, but was " + port);
        }
      }
      connectPorts = chosen;
      return this;
    }

    /**
     * Sets which addresses may be connected to.
     *
     * @param policy {@link AddressPolicy#publicOnly()} by default
     * @return this
     */
    public Builder addresses(AddressPolicy policy) {
      addresses = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets how names are looked up.
     *
     * @param names the system's resolver by default
     * @return this
     */
    public Builder lookup(NameLookup names) {
      lookup = Objects.requireNonNull(names, "names");
      return this;
    }

    /**
     * Sets how long the answers to lookups are remembered. The JDK does not tell how long they are
     * valid.
     *
     * @param found above zero; 30 s by default
     * @param notFound above zero; 5 s by default
     * @return this
     */
    public Builder dnsTtl(Duration found, Duration notFound) {
      dnsTtl = positive("time for a name", found);
      dnsErrorTtl = positive("time for an unknown name", notFound);
      return this;
    }

    private Duration positive(String what, Duration value) {
      DurationRange.ABOVE_ZERO.check("forward: " + what, value, mistakes);
      return value;
    }

    /**
     * Lets only those in that a check knows, by the Basic scheme (RFC 7617): others get 407. The
     * check comes before all plugins, which do not hear of who is refused, and see no {@code
     * Proxy-Authorization}.
     *
     * @param name the realm that clients show to their user; printable ASCII without quotes
     * @param check the check
     * @return this
     */
    public Builder authenticate(String name, ProxyAuthenticator check) {
      return authenticate(name, check, authenticationTime);
    }

    /**
     * The same, with a time for the check.
     *
     * @param name the realm
     * @param check the check
     * @param time above zero; 10 s by default
     * @return this
     */
    public Builder authenticate(String name, ProxyAuthenticator check, Duration time) {
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
          mistakes.add(
              "forward: realm must be printable ASCII without quotes, but was '" + name + "'");
          break;
        }
      }
      realm = name;
      authenticator = Objects.requireNonNull(check, "check");
      authenticationTime = positive("time for authentication", time);
      return this;
    }

    /**
     * Reaches hosts through another proxy over HTTP. The first rule that names a host counts.
     *
     * @param proxy where it listens
     * @param patterns the hosts, as in {@link #allowHosts}; none for all
     * @return this
     */
    public Builder throughHttp(HostPort proxy, String... patterns) {
      return through(new ParentProxy(ParentProxy.Kind.HTTP, proxy, null), patterns);
    }

    /**
     * Reaches hosts through another proxy over SOCKS 5.
     *
     * @param proxy where it listens
     * @param patterns the hosts, as in {@link #allowHosts}; none for all
     * @return this
     */
    public Builder throughSocks5(HostPort proxy, String... patterns) {
      return through(new ParentProxy(ParentProxy.Kind.SOCKS5, proxy, null), patterns);
    }

    /**
     * Reaches hosts through another proxy, which resolves their names: only addresses that are
     * written as such are checked by this one.
     *
     * @param parent the proxy, with credentials where it needs them
     * @param patterns the hosts, as in {@link #allowHosts}; none for all
     * @return this
     */
    public Builder through(ParentProxy parent, String... patterns) {
      HostRules rules = new HostRules();
      if (patterns.length == 0) {
        rules.add("*");
      } else {
        add(rules, patterns);
      }
      parents.add(new ParentRule(Objects.requireNonNull(parent, "parent"), rules));
      return this;
    }

    /**
     * Reaches hosts without another proxy, whatever {@link #through} says.
     *
     * @param patterns the hosts, as in {@link #allowHosts}
     * @return this
     */
    public Builder direct(String... patterns) {
      add(directHosts, patterns);
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     */
    public ForwardOptions build() {
      return new ForwardOptions(this);
    }
  }
}
