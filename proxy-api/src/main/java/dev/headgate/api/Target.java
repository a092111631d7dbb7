package dev.headgate.api;

import java.util.Objects;

/**
 * An upstream's address. It must never be shown to clients.
 *
 * @param scheme {@code http} or {@code https}
 * @param address host and port
 */
public record Target(String scheme, HostPort address) {
  /**
   * Checks the scheme.
   *
   * @param scheme {@code http} or {@code https}
   * @param address host and port
   * @throws IllegalArgumentException if it is neither {@code http} nor {@code https}
   */
  public Target {
    Objects.requireNonNull(address, "address");
    if (!Objects.requireNonNull(scheme, "scheme").equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("scheme must be http or https, but was '" + scheme + "'");
    }
  }

  /**
   * Returns whether the connection is encrypted.
   *
   * @return whether the scheme is {@code https}
   */
  public boolean secure() {
    return scheme.equals("https");
  }

  /**
   * Returns what goes into {@code Host}: the port only where it is not the scheme's default.
   *
   * @return the authority
   */
  public String authority() {
    boolean defaultPort = address.port() == (secure() ? 443 : 80);
    if (!defaultPort) return address.toString();
    return address.host().indexOf(':') >= 0 ? "[" + address.host() + "]" : address.host();
  }

  @Override
  public String toString() {
    return scheme + "://" + address;
  }
}
