package dev.headgate.core.spi;

import dev.headgate.api.Target;
import dev.headgate.core.http.HeaderList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request for an upstream, complete: the client adds fields of the connection and of framing
 * ({@code Transfer-Encoding} where the body's length is not known), nothing else, and changes none.
 *
 * <p>A request whose fields hold {@code Upgrade} (and then {@code Connection: Upgrade} too) asks to
 * switch protocols: then, and only then, a 101 opens a tunnel. A version of HTTP that has other
 * means for that (RFC 8441) tells their success as a 101 too, with what the upgrade would have had.
 * A request whose destination's protocol is {@link Destination.Protocol#TUNNEL} asks for a
 * connection and nothing else: its method is CONNECT, it has no body, and none of it is sent.
 * Neither is a CONNECT to any other destination: it asks whether there is a connection for requests
 * to that, or one can be opened, with all checks that TLS makes. Where a proxy of HTTP must open
 * the way, it is told the {@code Via} of the request for which it does.
 *
 * @param destination where to connect to, and how
 * @param method the method
 * @param pathAndQuery the request target in origin form, sent byte for byte
 * @param headers the fields with Host, owned by the client from now on
 * @param body the body; null when there is none. A failure in it must reach the upstream as an
 *     unclean end
 * @param expectContinue whether the body waits for 100 (Continue); the field {@code Expect} is in
 *     the headers
 * @param connectTimeoutNanos for opening a connection, with the wait for a free one; above zero
 * @param tlsTimeoutNanos for the TLS handshake
 */
public record UpstreamRequest(
    Destination destination,
    String method,
    String pathAndQuery,
    HeaderList headers,
    @Nullable BodySource body,
    boolean expectContinue,
    long connectTimeoutNanos,
    long tlsTimeoutNanos) {
  /**
   * Checks that nothing is null.
   *
   * @param destination where to connect to, and how
   * @param method the method
   * @param pathAndQuery the request target
   * @param headers the fields
   * @param body the body
   * @param expectContinue whether the body waits for 100
   * @param connectTimeoutNanos for opening a connection
   * @param tlsTimeoutNanos for the TLS handshake
   */
  public UpstreamRequest {
    Objects.requireNonNull(destination, "destination");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(pathAndQuery, "pathAndQuery");
    Objects.requireNonNull(headers, "headers");
  }

  /**
   * Returns where to connect to.
   *
   * @return the destination's target
   */
  public Target target() {
    return destination.target();
  }
}
