package dev.headgate.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long each phase of an exchange may take, each with an error of its own (RFC 9110 §15.6.5, RFC
 * 9209 §2.3). Immutable; made with {@link #builder()}. All are above zero, and a hundred years at
 * most.
 *
 * @param connect for opening a connection to the upstream, with the wait for a free one; 10 s
 *     (connect_timeout, 504)
 * @param tls for the TLS handshake with the upstream; 10 s (connect_timeout, 504)
 * @param requestHead for a client to send a request's head once it has begun; 30 s
 *     (request_timeout, 408)
 * @param requestIdle for the next piece of a request's body to come from the client; 60 s
 *     (request_timeout, 408)
 * @param sendIdle for the upstream to take the next piece of a request's body; 60 s (send_timeout,
 *     504)
 * @param firstByte for the response's head once the request is sent; 10 min, as a model may think
 *     for minutes (first_byte_timeout, 504)
 * @param responseIdle for the next piece of a response's body to come from the upstream; 10 min
 *     (idle_timeout)
 * @param clientIdle for the client to take the next piece of a response; 5 min (client_gone)
 * @param keepAlive for a client's connection to stay unused between requests; 75 s (no error)
 * @param total for the whole exchange (total_timeout, 504), of a tunnel until it is open; null, the
 *     default, for no limit
 * @param tunnelIdle for an open tunnel without a byte in either direction; 10 min
 *     (tunnel_idle_timeout)
 * @param tunnelTotal for an open tunnel (total_timeout); null, the default, for no limit
 */
public record Timeouts(
    Duration connect,
    Duration tls,
    Duration requestHead,
    Duration requestIdle,
    Duration sendIdle,
    Duration firstByte,
    Duration responseIdle,
    Duration clientIdle,
    Duration keepAlive,
    @Nullable Duration total,
    Duration tunnelIdle,
    @Nullable Duration tunnelTotal) {
  /**
   * Checks everything at once.
   *
   * @param connect for opening a connection to the upstream, with the wait for a free one
   * @param tls for the TLS handshake with the upstream
   * @param requestHead for a client to send a request's head once it has begun
   * @param requestIdle for the next piece of a request's body to come from the client
   * @param sendIdle for the upstream to take the next piece of a request's body
   * @param firstByte for the response's head once the request is sent
   * @param responseIdle for the next piece of a response's body to come from the upstream
   * @param clientIdle for the client to take the next piece of a response
   * @param keepAlive for a client's connection to stay unused between requests
   * @param total for the whole exchange
   * @param tunnelIdle for an open tunnel without a byte
   * @param tunnelTotal for an open tunnel
   * @throws IllegalArgumentException naming each offending value
   */
  public Timeouts {
    List<String> mistakes = new ArrayList<>();
    DurationRange.ABOVE_ZERO.check("connect", connect, mistakes);
    DurationRange.ABOVE_ZERO.check("tls", tls, mistakes);
    DurationRange.ABOVE_ZERO.check("requestHead", requestHead, mistakes);
    DurationRange.ABOVE_ZERO.check("requestIdle", requestIdle, mistakes);
    DurationRange.ABOVE_ZERO.check("sendIdle", sendIdle, mistakes);
    DurationRange.ABOVE_ZERO.check("firstByte", firstByte, mistakes);
    DurationRange.ABOVE_ZERO.check("responseIdle", responseIdle, mistakes);
    DurationRange.ABOVE_ZERO.check("clientIdle", clientIdle, mistakes);
    DurationRange.ABOVE_ZERO.check("keepAlive", keepAlive, mistakes);
    if (total != null) DurationRange.ABOVE_ZERO.check("total", total, mistakes);
    DurationRange.ABOVE_ZERO.check("tunnelIdle", tunnelIdle, mistakes);
    if (tunnelTotal != null) DurationRange.ABOVE_ZERO.check("tunnelTotal", tunnelTotal, mistakes);
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException("invalid timeouts: " + String.join("; ", mistakes));
    }
  }

  /**
   * Returns the defaults.
   *
   * @return what {@link #builder()} makes when nothing is set
   */
  public static Timeouts defaults() {
    return builder().build();
  }

  /**
   * Begins with the defaults.
   *
   * @return a builder, not thread-safe
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects timeouts; not thread-safe. Values are checked by {@link #build()}, all at once. */
  public static final class Builder {
    private Duration connect = Duration.ofSeconds(10);
    private Duration tls = Duration.ofSeconds(10);
    private Duration requestHead = Duration.ofSeconds(30);
    private Duration requestIdle = Duration.ofSeconds(60);
    private Duration sendIdle = Duration.ofSeconds(60);
    private Duration firstByte = Duration.ofMinutes(10);
    private Duration responseIdle = Duration.ofMinutes(10);
    private Duration clientIdle = Duration.ofMinutes(5);
    private Duration keepAlive = Duration.ofSeconds(75);
    private @Nullable Duration total;
    private Duration tunnelIdle = Duration.ofMinutes(10);
    private @Nullable Duration tunnelTotal;

    private Builder() {}

    /**
     * Sets how long is given for opening a connection to the upstream, with the wait for a free
     * one.
     *
     * @param value above zero
     * @return this
     */
    public Builder connect(Duration value) {
      this.connect = value;
      return this;
    }

    /**
     * Sets how long is given for the TLS handshake with the upstream.
     *
     * @param value above zero
     * @return this
     */
    public Builder tls(Duration value) {
      this.tls = value;
      return this;
    }

    /**
     * Sets how long is given for a client to send a request's head once it has begun, in HTTP/2
     * also any frame but the payload of DATA.
     *
     * @param value above zero
     * @return this
     */
    public Builder requestHead(Duration value) {
      this.requestHead = value;
      return this;
    }

    /**
     * Sets how long is given for the next piece of a request's body to come from the client.
     *
     * @param value above zero
     * @return this
     */
    public Builder requestIdle(Duration value) {
      this.requestIdle = value;
      return this;
    }

    /**
     * Sets how long is given for the upstream to take the next piece of a request's body.
     *
     * @param value above zero
     * @return this
     */
    public Builder sendIdle(Duration value) {
      this.sendIdle = value;
      return this;
    }

    /**
     * Sets how long is given for the response's head once the request is sent.
     *
     * @param value above zero
     * @return this
     */
    public Builder firstByte(Duration value) {
      this.firstByte = value;
      return this;
    }

    /**
     * Sets how long is given for the next piece of a response's body to come from the upstream.
     *
     * @param value above zero
     * @return this
     */
    public Builder responseIdle(Duration value) {
      this.responseIdle = value;
      return this;
    }

    /**
     * Sets how long is given for the client to take the next piece of a response.
     *
     * @param value above zero
     * @return this
     */
    public Builder clientIdle(Duration value) {
      this.clientIdle = value;
      return this;
    }

    /**
     * Sets how long is given for a client's connection to stay unused between requests.
     *
     * @param value above zero
     * @return this
     */
    public Builder keepAlive(Duration value) {
      this.keepAlive = value;
      return this;
    }

    /**
     * Sets how long is given for the whole exchange.
     *
     * @param value above zero, or null for no limit
     * @return this
     */
    public Builder total(@Nullable Duration value) {
      this.total = value;
      return this;
    }

    /**
     * Sets how long an open tunnel may be without a byte in either direction.
     *
     * @param value above zero
     * @return this
     */
    public Builder tunnelIdle(Duration value) {
      this.tunnelIdle = value;
      return this;
    }

    /**
     * Sets how long a tunnel may be open.
     *
     * @param value above zero, or null for no limit
     * @return this
     */
    public Builder tunnelTotal(@Nullable Duration value) {
      this.tunnelTotal = value;
      return this;
    }

    /**
     * Makes the timeouts.
     *
     * @return the timeouts
     * @throws IllegalArgumentException naming each offending value
     */
    public Timeouts build() {
      return new Timeouts(
          connect,
          tls,
          requestHead,
          requestIdle,
          sendIdle,
          firstByte,
          responseIdle,
          clientIdle,
          keepAlive,
          total,
          tunnelIdle,
          tunnelTotal);
    }
  }
}
