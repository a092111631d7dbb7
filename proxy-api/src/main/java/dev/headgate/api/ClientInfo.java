package dev.headgate.api;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param address the peer of the connection (RFC 9110: the client, which may itself be an
 *     intermediary)
 * @param tls facts of its TLS connection; null for cleartext
 */
public record ClientInfo(InetSocketAddress address, @Nullable TlsInfo tls) {
  /**
   * Checks that there is an address.
   *
   * @param address the peer of the connection (RFC 9110: the client, which may itself be an
   *     intermediary)
   * @param tls facts of its TLS connection
   */
  public ClientInfo {
    Objects.requireNonNull(address, "address");
  }
}
