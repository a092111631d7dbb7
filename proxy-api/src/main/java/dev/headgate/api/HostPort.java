package dev.headgate.api;

import java.util.Objects;

/**
 * A host and a port.
 *
 * @param host a name or address literal; IPv6 without brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
  /**
   * Checks both.
   *
   * @param host a name or address literal
   * @param port 1 to 65535
   * @throws IllegalArgumentException with the offending value
   */
  public HostPort {
    Objects.requireNonNull(host, "host");
    if (host.isEmpty() || host.indexOf('[') >= 0 || host.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "host must be a name or an address, but was '" + host + "'");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port must be 1 to 65535, but was " + port);
    }
  }

  /** Renders {@code host:port}, with brackets around IPv6. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
