package dev.headgate.core.spi;

import dev.headgate.core.config.Http2Options;
import dev.headgate.core.tls.ListenerTlsContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Address and limits of a listener.
 *
 * @param address where to listen; port 0 for any free one
 * @param maxRequestLineBytes most bytes of a request line; more is 414
 * @param maxHeaderBytes most bytes of a request's fields; more is 431
 * @param maxUnreadBodyBytes how much of a body that nobody wanted is read and dropped so that the
 *     connection may live; a longer one closes it
 * @param headTimeout how long a client may take to send a head once it has begun
 * @param idleTimeout how long a connection may stay unused between requests
 * @param http2 how much may be under way on a connection of HTTP/2, for backends that speak it
 * @param tls how TLS is spoken; null for plain HTTP. Only for backends with {@link
 *     Capability#LISTENER_TLS}
 */
public record ListenOptions(
    InetSocketAddress address,
    int maxRequestLineBytes,
    int maxHeaderBytes,
    long maxUnreadBodyBytes,
    Duration headTimeout,
    Duration idleTimeout,
    Http2Options http2,
    @Nullable ListenerTlsContext tls) {
  /**
   * Checks that nothing is null.
   *
   * @param address where to listen
   * @param maxRequestLineBytes most bytes of a request line
   * @param maxHeaderBytes most bytes of a request's fields
   * @param maxUnreadBodyBytes how much of an unwanted body is dropped
   * @param headTimeout how long a client may take to send a head
   * @param idleTimeout how long a connection may stay unused
   * @param http2 how much may be under way on a connection of HTTP/2
   * @param tls how TLS is spoken; null for plain HTTP
   */
  public ListenOptions {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(headTimeout, "headTimeout");
    Objects.requireNonNull(idleTimeout, "idleTimeout");
    Objects.requireNonNull(http2, "http2");
  }

  /**
   * Makes the options of a listener for plain HTTP, HTTP/2 with its defaults.
   *
   * @param address where to listen
   * @param maxRequestLineBytes most bytes of a request line
   * @param maxHeaderBytes most bytes of a request's fields
   * @param maxUnreadBodyBytes how much of an unwanted body is dropped
   * @param headTimeout how long a client may take to send a head
   * @param idleTimeout how long a connection may stay unused
   */
  public ListenOptions(
      InetSocketAddress address,
      int maxRequestLineBytes,
      int maxHeaderBytes,
      long maxUnreadBodyBytes,
      Duration headTimeout,
      Duration idleTimeout) {
    this(
        address,
        maxRequestLineBytes,
        maxHeaderBytes,
        maxUnreadBodyBytes,
        headTimeout,
        idleTimeout,
        Http2Options.defaults(),
        null);
  }
}
