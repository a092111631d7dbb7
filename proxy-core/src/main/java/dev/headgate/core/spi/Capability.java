package dev.headgate.core.spi;

/**
 * What a backend may or may not be able to do. What it does not declare, the TCK shows as
 * unsupported, and the core refuses with a clear error.
 */
public enum Capability {
  /** Real sockets: addresses, connection resets, half-closed connections. */
  SOCKETS,
  /** Trailers in both directions. */
  TRAILERS,
  /** Interim (1xx) responses. */
  INTERIM_RESPONSES,
  /** {@code Expect: 100-continue}. */
  EXPECT_CONTINUE,
  /** TLS towards upstreams. */
  UPSTREAM_TLS,
  /** TLS on the listener. */
  LISTENER_TLS,
  /** HTTP/2 on the listener. */
  HTTP_2,
  /**
   * Upstreams by the addresses that a {@link Destination}'s resolver allows, and requests through
   * the parent proxies that it names.
   */
  FORWARD,
  /** Tunnels by CONNECT. */
  CONNECT,
  /** Upgrades, such as WebSocket. */
  UPGRADE,
  /** A clock that stands still until a test moves it. */
  VIRTUAL_TIME
}
