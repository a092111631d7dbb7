package dev.headgate.core.forwarded;

import dev.headgate.api.ClientInfo;
import dev.headgate.core.http.AddressRange;
import dev.headgate.core.http.HeaderList;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which clients are intermediaries whose word counts: what they say in a family of fields is kept,
 * shown to plugins and sent on. From all others such fields are dropped before any plugin sees the
 * request, as an upstream or a plugin might believe them (RFC 7239 section 8.1).
 *
 * <p>A family is trusted by itself: an intermediary that writes {@code X-Forwarded-For} may well
 * pass on a {@code Forwarded} that it never looked at. Immutable, for any thread.
 */
public final class TrustedClients {
  private static final TrustedClients NONE = builder().build();
  private static final TrustedClients ALL =
      new TrustedClients(new EnumMap<>(ForwardedFamily.class), true);

  private final AddressRange[] forwarded;
  private final AddressRange[] xForwarded;
  private final boolean all;

  private TrustedClients(EnumMap<ForwardedFamily, List<AddressRange>> ranges, boolean all) {
    this.forwarded = ranges(ranges, ForwardedFamily.FORWARDED);
    this.xForwarded = ranges(ranges, ForwardedFamily.X_FORWARDED);
    this.all = all;
  }

  private static AddressRange[] ranges(
      EnumMap<ForwardedFamily, List<AddressRange>> ranges, ForwardedFamily family) {
    return ranges.getOrDefault(family, List.of()).toArray(new AddressRange[0]);
  }

  /**
   * Trusts nobody: the default.
   *
   * @return the list
   */
  public static TrustedClients none() {
    return NONE;
  }

  /**
   * Trusts everybody, for a proxy that only intermediaries can reach, or that is to leave such
   * fields as they come.
   *
   * @return the list
   */
  public static TrustedClients all() {
    return ALL;
  }

  /**
   * Begins an empty list.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Drops what a client may not say.
   *
   * @param headers the fields of its request
   * @param client the client
   */
  public void filter(HeaderList headers, ClientInfo client) {
    if (all) return;
    boolean mayForwarded = true;
    boolean mayXForwarded = true;
    for (int i = 0, n = headers.size(); i < n; i++) {
      String name = headers.name(i);
      // Few fields get past the length, fewer past the first letter.
      if (name.length() < 9) continue;
      char first = (char) (name.charAt(0) | 0x20);
      if (first == 'x' && mayXForwarded && ForwardedFamily.X_FORWARDED.has(name)) {
        mayXForwarded = false;
      } else if (first == 'f' && mayForwarded && ForwardedFamily.FORWARDED.has(name)) {
        mayForwarded = false;
      }
    }
    if (mayForwarded && mayXForwarded) return;
    InetAddress peer = client.address().getAddress();
    if (!mayForwarded && !isIn(forwarded, peer)) ForwardedFamily.FORWARDED.drop(headers);
    if (!mayXForwarded && !isIn(xForwarded, peer)) ForwardedFamily.X_FORWARDED.drop(headers);
  }

  /**
   * Finds who sent a request first, as far as trusted clients tell: from the nearest hop back, up
   * to the first that is not trusted itself.
   *
   * @param headers the fields, after {@link #filter}
   * @param client the client
   * @return an address; null when it is the client's own, or nothing is told
   */
  public @Nullable InetAddress original(HeaderList headers, ClientInfo client) {
    if (!all && forwarded.length == 0 && xForwarded.length == 0) return null;
    boolean standard = headers.contains("Forwarded");
    if (!standard && !headers.contains("X-Forwarded-For")) return null;
    List<@Nullable InetAddress> hops =
        standard ? ForwardedChain.forwarded(headers) : ForwardedChain.forwardedFor(headers);
    AddressRange[] trusted = standard ? forwarded : xForwarded;
    InetAddress peer = client.address().getAddress();
    InetAddress found = null;
    for (int i = hops.size() - 1;
        i >= 0 && isIn(trusted, i + 1 == hops.size() ? peer : found);
        i--) {
      InetAddress hop = hops.get(i);
      if (hop == null) break;
      found = hop;
    }
    return found;
  }

  private boolean isIn(AddressRange[] ranges, @Nullable InetAddress address) {
    if (all) return true;
    if (address == null || ranges.length == 0) return false;
    byte[] bytes = address.getAddress();
    for (AddressRange range : ranges) {
      if (range.contains(bytes)) return true;
    }
    return false;
  }

  /** Collects ranges; not thread-safe. */
  public static final class Builder {
    private final EnumMap<ForwardedFamily, List<AddressRange>> ranges =
        new EnumMap<>(ForwardedFamily.class);
    private final List<String> mistakes = new ArrayList<>();

    private Builder() {}

    /**
     * Trusts clients for a family of fields.
     *
     * @param family the family that these clients write themselves
     * @param addresses addresses, or ranges such as {@code 10.0.0.0/8} and {@code fd00::/8}, of the
     *     clients' connections; never names
     * @return this
     */
    public Builder trust(ForwardedFamily family, String... addresses) {
      Objects.requireNonNull(family, "family");
      for (String address : addresses) {
        try {
          ranges.computeIfAbsent(family, key -> new ArrayList<>()).add(AddressRange.parse(address));
        } catch (IllegalArgumentException e) {
          mistakes.add("trusted clients: " + e.getMessage());
        }
      }
      return this;
    }

    /**
     * Makes the list.
     *
     * @return the list
     * @throws IllegalArgumentException naming each offending address
     */
    public TrustedClients build() {
      if (!mistakes.isEmpty()) throw new IllegalArgumentException(String.join("; ", mistakes));
      return new TrustedClients(ranges, false);
    }
  }
}
