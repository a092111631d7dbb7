package dev.headgate.core.egress;

import dev.headgate.core.http.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which addresses a proxy may connect to (rule 33). Immutable and thread-safe.
 *
 * <p>Asked for the address that a name was resolved to, which is the one that is then connected to.
 * Loopback, link-local, private, shared, unique local, multicast, reserved and unspecified
 * addresses are denied, and those of this machine; also where an address of IPv6 only stands for
 * one of IPv4 (mapped, compatible, translated, NAT64, 6to4), unless a range or a host is allowed by
 * name.
 */
public final class AddressPolicy {
  private final boolean special;
  private final List<AddressRange> allowed;
  private final List<AddressRange> denied;
  private final HostRules hosts;

  private AddressPolicy(Builder builder) {
    this.special = builder.special;
    this.allowed = List.copyOf(builder.allowed);
    this.denied = List.copyOf(builder.denied);
    this.hosts = builder.hosts;
  }

  /**
   * Returns the policy of a forward proxy: public addresses only.
   *
   * @return the policy
   */
  public static AddressPolicy publicOnly() {
    return builder().build();
  }

  /**
   * Begins with public addresses only.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Decides about an address, which may be one of this machine's own. */
  boolean allows(String host, InetAddress address, Predicate<InetAddress> own) {
    byte[] bytes = address.getAddress();
    byte[] inner = SpecialAddresses.embedded(bytes);
    if (in(denied, bytes) || (inner != null && in(denied, inner))) return false;
    if (special || hosts.contain(host)) return true;
    if (in(allowed, bytes)) return true;
    if (inner != null && in(allowed, inner)) return true;
    if (SpecialAddresses.contain(bytes) || own.test(address)) return false;
    return inner == null || !(SpecialAddresses.contain(inner) || own.test(v4(inner)));
  }

  private static InetAddress v4(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static boolean in(List<AddressRange> ranges, byte[] address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) return true;
    }
    return false;
  }

  /** Collects the ranges. Not thread-safe. */
  public static final class Builder {
    private final List<AddressRange> allowed = new ArrayList<>();
    private final List<AddressRange> denied = new ArrayList<>();
    private final HostRules hosts = new HostRules();
    private boolean special;

    private Builder() {}

    /**
     * Allows ranges that are denied by default.
     *
     * @param ranges such as {@code 10.1.0.0/16}, {@code fd00::/8} or {@code 127.0.0.1}
     * @return this
     * @throws IllegalArgumentException with the offending value
     */
    public Builder allow(String... ranges) {
      for (String range : ranges) allowed.add(AddressRange.parse(range));
      return this;
    }

    /**
     * Denies ranges, whatever else allows them.
     *
     * @param ranges as above
     * @return this
     * @throws IllegalArgumentException with the offending value
     */
    public Builder deny(String... ranges) {
      for (String range : ranges) denied.add(AddressRange.parse(range));
      return this;
    }

    /**
     * Allows hosts wherever their names lead to, but for what {@link #deny} says. Only for names
     * whose DNS is trusted.
     *
     * @param names such as {@code registry.internal}, {@code *.svc.local}
     * @return this
     * @throws IllegalArgumentException with the offending value
     */
    public Builder allowHosts(String... names) {
      for (String name : names) hosts.add(name);
      return this;
    }

    /**
     * Allows every address that is not denied, private ones too.
     *
     * @return this
     */
    public Builder allowAll() {
      special = true;
      return this;
    }

    /**
     * Makes the policy.
     *
     * @return the policy
     */
    public AddressPolicy build() {
      return new AddressPolicy(this);
    }
  }
}
