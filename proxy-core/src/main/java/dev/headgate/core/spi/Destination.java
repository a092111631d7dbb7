package dev.headgate.core.spi;

import dev.headgate.api.Target;
import java.util.Objects;

/**
 * An upstream and the way to speak to it. Connections are pooled by it, so that a request never
 * gets one that was made under other terms. A route's is made once.
 *
 * @param target where to connect to
 * @param protocol which versions of HTTP are spoken
 */
public record Destination(Target target, Protocol protocol) {
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
   * Checks that nothing is null.
   *
   * @param target where to connect to
   * @param protocol which versions of HTTP are spoken
   */
  public Destination {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(protocol, "protocol");
  }

  /**
   * Returns a destination on usual terms.
   *
   * @param target where to connect to
   * @return the target, with the protocol negotiated
   */
  public static Destination of(Target target) {
    return new Destination(target, Protocol.NEGOTIATED);
  }
}
