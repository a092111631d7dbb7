package dev.headgate.core.forwarded;

import dev.headgate.api.ClientInfo;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What upstreams are told of the client: nothing by default. Each family of fields is written where
 * it is asked for, behind what {@link TrustedClients} left of earlier hops.
 *
 * <ul>
 *   <li>{@code X-Forwarded-For} gets the client's address at its end. {@code X-Forwarded-Host},
 *       {@code -Proto} and {@code -Port} are those that the client used; one that is there already
 *       is kept, as it tells of the first hop.
 *   <li>{@code Forwarded} gets an element {@code for=…;host=…;proto=…} at its end, with {@code by}
 *       where it is set; IPv6 is quoted.
 * </ul>
 *
 * <p>What is not known is left out: no value is ever {@code null}. Immutable, for any thread.
 */
public final class ForwardedFields {
  private static final ForwardedFields NONE = builder().build();

  private final boolean forwarded;
  private final boolean xForwarded;
  private final @Nullable String hidden;
  private final String httpEnd;
  private final String httpsEnd;

  private ForwardedFields(Builder b) {
    this.forwarded = b.families.contains(ForwardedFamily.FORWARDED);
    this.xForwarded = b.families.contains(ForwardedFamily.X_FORWARDED);
    this.hidden = b.hidden;
    String by = b.by == null ? "" : ";by=" + quoted(b.by);
    this.httpEnd = by + ";proto=http";
    this.httpsEnd = by + ";proto=https";
  }

  /**
   * Writes nothing: the default.
   *
   * @return the setting
   */
  public static ForwardedFields none() {
    return NONE;
  }

  /**
   * Writes families of fields with the client's address, host, scheme and port.
   *
   * @param families the families
   * @return the setting
   */
  public static ForwardedFields of(ForwardedFamily... families) {
    return builder().write(families).build();
  }

  /**
   * Begins with nothing.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Adds what is to be told.
   *
   * @param headers the fields that go to the upstream
   * @param client who asks
   * @param scheme the scheme of the client's connection
   * @param authority the authority that the client asked for; empty where it gave none
   */
  public void add(HeaderList headers, ClientInfo client, String scheme, String authority) {
    if (xForwarded) addXForwarded(headers, client, scheme, authority);
    if (forwarded) {
      append(headers, "Forwarded", element(client, scheme, authority));
    }
  }

  private void addXForwarded(
      HeaderList headers, ClientInfo client, String scheme, String authority) {
    InetAddress address = client.address().getAddress();
    String node = hidden != null ? hidden : address == null ? "unknown" : IpText.format(address);
    append(headers, "X-Forwarded-For", node);
    if (!headers.contains("X-Forwarded-Proto")) headers.append("X-Forwarded-Proto", scheme);
    if (authority.isEmpty()) return;
    if (!headers.contains("X-Forwarded-Host")) headers.append("X-Forwarded-Host", authority);
    if (!headers.contains("X-Forwarded-Port")) {
      headers.append("X-Forwarded-Port", port(scheme, authority));
    }
  }

  private String element(ClientInfo client, String scheme, String authority) {
    StringBuilder out = new StringBuilder(80).append("for=");
    InetAddress address = client.address().getAddress();
    if (hidden != null) {
      out.append(hidden);
    } else if (address == null) {
      out.append("unknown");
    } else if (address instanceof Inet6Address) {
      out.append("\"[").append(IpText.format(address)).append("]\"");
    } else {
      out.append(IpText.format(address));
    }
    if (!authority.isEmpty()) out.append(";host=").append(quoted(authority));
    return out.append(scheme.equals("https") ? httpsEnd : httpEnd).toString();
  }

  private static void append(HeaderList headers, String name, String value) {
    if (!headers.contains(name)) {
      headers.append(name, value);
    } else {
      headers.replace(name, String.join(", ", headers.all(name)) + ", " + value);
    }
  }

  private static String port(String scheme, String authority) {
    int colon = authority.lastIndexOf(':');
    if (colon > authority.lastIndexOf(']')) return authority.substring(colon + 1);
    return scheme.equals("https") ? "443" : "80";
  }

  /** A colon and a bracket are no characters of a token; nothing here needs an escape. */
  private static String quoted(String text) {
    return text.indexOf(':') < 0 && text.indexOf('[') < 0 ? text : '"' + text + '"';
  }

  /** Collects the setting; not thread-safe. Values are checked by {@link #build()}, all at once. */
  public static final class Builder {
    private static final Pattern OBFUSCATED = Pattern.compile("_[A-Za-z0-9._-]+");

    private final Set<ForwardedFamily> families = EnumSet.noneOf(ForwardedFamily.class);
    private @Nullable String hidden;
    private @Nullable String by;

    private Builder() {}

    /**
     * Writes further families.
     *
     * @param more the families
     * @return this
     */
    public Builder write(ForwardedFamily... more) {
      for (ForwardedFamily family : more) families.add(family);
      return this;
    }

    /**
     * Tells an identifier in place of clients' addresses. Default: the address.
     *
     * @param identifier {@code unknown}, or {@code _} with letters, digits, {@code .}, {@code _}
     *     and {@code -} behind it (RFC 7239 section 6.3)
     * @return this
     */
    public Builder hideClient(String identifier) {
      hidden = Objects.requireNonNull(identifier, "identifier");
      return this;
    }

    /**
     * Tells in {@code Forwarded} which interface of the proxy took the request. Default: nothing.
     *
     * @param node an address (IPv6 in brackets), {@code unknown}, or an identifier as above
     * @return this
     */
    public Builder by(String node) {
      by = Objects.requireNonNull(node, "node");
      return this;
    }

    /**
     * Makes the setting.
     *
     * @return the setting
     * @throws IllegalArgumentException naming each offending value
     */
    public ForwardedFields build() {
      List<String> mistakes = new ArrayList<>();
      if (hidden != null && !isIdentifier(hidden)) {
        mistakes.add(
            "hidden client must be 'unknown' or '_' and letters, digits, '.', '_', '-', but was '"
                + hidden
                + "'");
      }
      if (by != null && !isIdentifier(by) && !isAddress(by)) {
        mistakes.add(
            "by must be an address (IPv6 in brackets), 'unknown', or '_' and letters, digits, '.',"
                + " '_', '-', but was '"
                + by
                + "'");
      }
      if (!mistakes.isEmpty()) throw new IllegalArgumentException(String.join("; ", mistakes));
      return new ForwardedFields(this);
    }

    private static boolean isIdentifier(String text) {
      return text.equals("unknown") || OBFUSCATED.matcher(text).matches();
    }

    private static boolean isAddress(String text) {
      boolean brackets = text.startsWith("[") && text.endsWith("]");
      if (!brackets) return text.indexOf(':') < 0 && IpText.parse(text) != null;
      return IpText.parse(text.substring(1, text.length() - 1)) != null;
    }
  }
}
