package dev.headgate.core.spi;

import dev.headgate.api.Target;
import dev.headgate.core.tls.UpstreamTls;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An upstream and the way to speak to it. Connections are pooled by it, so that a request never
 * gets one that was made under other terms. A route's is made once.
 *
 * @param target where to connect to
 * @param protocol which versions of HTTP are spoken
 * @param tls how TLS is spoken where the target is https; null for the usual way: the JDK's
 *     authorities, and the host's name checked
 * @param resolver which addresses stand behind its name, and which of them are allowed
 * @param parent the proxy through which it is reached; null for none. Then its name is not resolved
 */
public record Destination(
    Target target,
    Protocol protocol,
    @Nullable UpstreamTls tls,
    Resolver resolver,
    @Nullable ParentProxy parent) {
  /** Which versions of HTTP an upstream is spoken to in. */
  public enum Protocol {
    /** What the upstream chooses by ALPN where it is https, HTTP/2 preferred; else HTTP/1.1. */
    NEGOTIATED,
    /** HTTP/1.1 only. */
    HTTP_1_1,
    /** HTTP/2 only; with prior knowledge where the upstream is http. */
    HTTP_2,
    /** None: the connection is for the bytes of one tunnel, and never used again. */
    TUNNEL
  }

  /**
   * Checks that nothing but the parent is null.
   *
   * @param target where to connect to
   * @param protocol which versions of HTTP are spoken
   * @param tls how TLS is spoken; null for the usual way
   * @param resolver which addresses stand behind its name
   * @param parent the proxy through which it is reached
   */
  public Destination {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(resolver, "resolver");
  }

  /**
   * Makes a destination that is reached directly, whatever its address.
   *
   * @param target where to connect to
   * @param protocol which versions of HTTP are spoken
   * @param tls how TLS is spoken; null for the usual way
   */
  public Destination(Target target, Protocol protocol, @Nullable UpstreamTls tls) {
    this(target, protocol, tls, Resolver.direct(), null);
  }

  /**
   * Returns a destination on usual terms.
   *
   * @param target where to connect to
   * @return the target, with the protocol negotiated
   */
  public static Destination of(Target target) {
    return new Destination(target, Protocol.NEGOTIATED, null);
  }
}
