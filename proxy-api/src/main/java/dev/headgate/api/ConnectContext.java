package dev.headgate.api;

/** The state of a CONNECT request: the exchange, and the address that the client asked for. */
public interface ConnectContext extends ProxyContext {
  /**
   * Returns the address that the client asked for.
   *
   * @return host and port (RFC 9110 §9.3.6)
   */
  HostPort destination();
}
