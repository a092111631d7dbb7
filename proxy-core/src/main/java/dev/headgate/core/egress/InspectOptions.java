package dev.headgate.core.egress;

import dev.headgate.core.config.DurationRange;
import dev.headgate.core.tls.LeafCertificates;
import dev.headgate.core.tls.UpstreamTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a forward proxy looks into the TLS of its clients' tunnels: with whose certificates, and into
 * which tunnels where no plugin decides. Immutable; made with {@link #builder}. Clients must trust
 * the authority, and those who use them must know what is seen.
 */
public final class InspectOptions {
  final LeafCertificates leaves;
  final HostRules hosts;
  final HostRules passed;
  final @Nullable UpstreamTls upstreamTls;
  final @Nullable Duration passedAfterRefusal;
  private final String certificateHost;
  private final List<String> mistakes;

  private InspectOptions(Builder builder) {
    this.leaves = builder.leaves;
    this.hosts = builder.hosts;
    this.passed = builder.passed;
    this.upstreamTls = builder.upstreamTls;
    this.passedAfterRefusal = builder.passedAfterRefusal;
    this.certificateHost = builder.certificateHost;
    List<String> found = new ArrayList<>(builder.mistakes);
    if (upstreamTls != null) found.addAll(upstreamTls.mistakes());
    this.mistakes = List.copyOf(found);
  }

  /**
   * Begins.
   *
   * @param leaves what makes the certificates that clients see
   * @return a builder, by which only plugins choose what is inspected
   */
  public static Builder builder(LeafCertificates leaves) {
    return new Builder(Objects.requireNonNull(leaves, "leaves"));
  }

  /**
   * Returns the host at which clients get the authority's certificate.
   *
   * @return a name that exists nowhere but in this proxy
   */
  public String certificateHost() {
    return certificateHost;
  }

  /**
   * Returns the authority's certificate, as it is told at {@link #certificateHost()}.
   *
   * @return PEM, without a key
   */
  public String authorityPem() {
    return leaves.authorityPem();
  }

  /**
   * Returns what is wrong with the options.
   *
   * @return one sentence for each mistake
   */
  public List<String> mistakes() {
    return mistakes;
  }

  /** Collects the options. Not thread-safe; mistakes are kept until the proxy starts. */
  public static final class Builder {
    private final LeafCertificates leaves;
    private final HostRules hosts = new HostRules();
    private final HostRules passed = new HostRules();
    private final List<String> mistakes = new ArrayList<>();
    private @Nullable UpstreamTls upstreamTls;
    private @Nullable Duration passedAfterRefusal;
    private String certificateHost = "headgate.internal";

    private Builder(LeafCertificates leaves) {
      this.leaves = leaves;
    }

    /**
     * Looks into tunnels to these hosts, where no plugin decides otherwise.
     *
     * @param patterns {@code *} for all, a name, an address, or {@code *.example.com}; none by
     *     default
     * @return this
     */
    public Builder hosts(String... patterns) {
      return add(hosts, patterns);
    }

    /**
     * Never looks into tunnels to these hosts, whoever asks for it.
     *
     * @param patterns as above; none by default
     * @return this
     */
    public Builder passThrough(String... patterns) {
      return add(passed, patterns);
    }

    private Builder add(HostRules rules, String... patterns) {
      for (String pattern : patterns) {
        try {
          rules.add(pattern);
        } catch (IllegalArgumentException e) {
          mistakes.add("inspect: " + e.getMessage());
        }
      }
      return this;
    }

    /**
     * Does not look into further tunnels to a host for a while, after a client refused the
     * certificate made for it: most likely it knows the true one (pinning). Off by default, as any
     * client can bring it about.
     *
     * @param time for how long, above zero
     * @return this
     */
    public Builder passThroughAfterRefusal(Duration time) {
      DurationRange.ABOVE_ZERO.check("inspect: time of passing through", time, mistakes);
      passedAfterRefusal = time;
      return this;
    }

    /**
     * Sets how TLS is spoken with the hosts. By default with the JDK's authorities.
     *
     * @param tls the settings
     * @return this
     */
    public Builder upstreamTls(UpstreamTls tls) {
      upstreamTls = Objects.requireNonNull(tls, "tls");
      return this;
    }

    /**
     * Sets the host at which clients get the authority's certificate, by plain HTTP through the
     * proxy.
     *
     * @param name a name without port; {@code headgate.internal} by default
     * @return this
     */
    public Builder certificateHost(String name) {
      if (!HostRules.isHost(Objects.requireNonNull(name, "name"))) {
        mistakes.add(
            "inspect: certificateHost must be a name or an address without port, but was '"
                + name
                + "'");
        return this;
      }
      certificateHost = name;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options, with what is wrong in {@link InspectOptions#mistakes()}
     */
    public InspectOptions build() {
      return new InspectOptions(this);
    }
  }
}
