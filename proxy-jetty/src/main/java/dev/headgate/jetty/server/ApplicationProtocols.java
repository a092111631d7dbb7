package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * The protocols that a listener speaks inside TLS, by their names in ALPN (RFC 7301), the preferred
 * first: the one place where a further one is added. Stateless.
 */
final class ApplicationProtocols {
  private static final String HTTP_1_1 = "http/1.1";
  private static final Map<String, Opener> SPOKEN = new LinkedHashMap<>();

  static {
    SPOKEN.put("h2", Http2Connection::make);
    SPOKEN.put(HTTP_1_1, Http1Connection::new);
  }

  /** Makes the connection of a protocol. */
  @FunctionalInterface
  interface Opener {
    /**
     * Makes a connection, which is opened next.
     *
     * @param endPoint what is decrypted
     * @param listener whose connection it is
     * @param client who is at the other end
     */
    Connection open(EndPoint endPoint, JettyListener listener, ClientInfo client);
  }

  /** Chooses a protocol. */
  @FunctionalInterface
  interface Choice {
    /**
     * Chooses among what a client offers. Called in the handshake; not at all for a client that
     * offers nothing, which gets HTTP/1.1.
     *
     * @param offered the names
     * @return the name; null when none fits, which refuses the handshake (RFC 7301 section 3.2)
     */
    @Nullable String among(List<String> offered);
  }

  private ApplicationProtocols() {}

  /** The {@link Choice} of a listener: what is preferred here. */
  static @Nullable String select(List<String> offered) {
    for (String spoken : SPOKEN.keySet()) {
      if (offered.contains(spoken)) return spoken;
    }
    return null;
  }

  /** The {@link Choice} where HTTP/2 must not be spoken. */
  static @Nullable String selectHttp1(List<String> offered) {
    return offered.contains(HTTP_1_1) ? HTTP_1_1 : null;
  }

  /** Makes the connection of what was chosen; null or empty stands for HTTP/1.1. */
  static Connection open(
      @Nullable String chosen, EndPoint endPoint, JettyListener listener, ClientInfo client) {
    Opener opener = chosen == null ? null : SPOKEN.get(chosen);
    if (opener == null) return new Http1Connection(endPoint, listener, client);
    return opener.open(endPoint, listener, client);
  }
}
