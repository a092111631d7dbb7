package dev.headgate.core.spi;

/** Takes what comes inside a tunnel whose TLS ends in the proxy. Thread-safe. */
public interface InspectedHandler extends InboundHandler {
  /**
   * Says whether the client may be spoken to in HTTP/2, where it offers that. HTTP/1.1 always may.
   *
   * @return whether it may
   */
  boolean http2();

  /**
   * The client broke the TLS handshake off after it had been shown the certificate: most likely it
   * does not trust it. Not told of a client that left before that, or spoke no TLS that could be
   * understood. Told at most once, and then there are no exchanges.
   *
   * @param reason why, as far as the client told it
   */
  void refused(Throwable reason);
}
