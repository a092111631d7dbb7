package dev.headgate.api;

import java.net.URI;
import java.util.Objects;

/**
 * A proxy that listens.
 *
 * @param uri where, such as {@code http://127.0.0.1:54321}
 * @param pseudonym the name it uses for itself in {@code Via} and {@code Proxy-Status}
 * @param session the session it serves
 */
public record ProxyInfo(URI uri, String pseudonym, Session session) {
  /**
   * Checks that nothing is null.
   *
   * @param uri where, such as {@code http://127.0.0.1:54321}
   * @param pseudonym the name it uses for itself in {@code Via} and {@code Proxy-Status}
   * @param session the session it serves
   */
  public ProxyInfo {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(pseudonym, "pseudonym");
    Objects.requireNonNull(session, "session");
  }
}
