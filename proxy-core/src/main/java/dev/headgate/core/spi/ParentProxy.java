package dev.headgate.core.spi;

import dev.headgate.api.HostPort;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A proxy through which upstreams are reached. The upstream's name is resolved there.
 *
 * @param kind how it is spoken to
 * @param address where it listens
 * @param credentials what it is told; null for none
 */
public record ParentProxy(Kind kind, HostPort address, @Nullable Login credentials) {
  /** How a proxy is spoken to. */
  public enum Kind {
    /** HTTP/1.1: CONNECT for tunnels and https, absolute-form for http. */
    HTTP,
    /** SOCKS version 5 (RFC 1928, and RFC 1929 for user and password). */
    SOCKS5
  }

  /**
   * A user and a password; {@code toString} hides the password.
   *
   * @param user the user, without a colon
   * @param password the password
   */
  public record Login(String user, String password) {
    /**
     * Checks that nothing is null.
     *
     * @param user the user
     * @param password the password
     * @throws IllegalArgumentException if the user has a colon, or one of them is longer than 255
     *     bytes of UTF-8
     */
    public Login {
      if (Objects.requireNonNull(user, "user").indexOf(':') >= 0) {
        throw new IllegalArgumentException("user must be without a colon");
      }
      if (user.length() > MAX || Objects.requireNonNull(password, "password").length() > MAX) {
        throw new IllegalArgumentException("user and password must be of 85 characters at most");
      }
    }

    /** So many characters never need more than the 255 bytes that RFC 1929 has room for. */
    private static final int MAX = 85;

    @Override
    public String toString() {
      return user + ":…";
    }
  }

  /**
   * Checks that nothing but the credentials is null.
   *
   * @param kind how it is spoken to
   * @param address where it listens
   * @param credentials what it is told
   */
  public ParentProxy {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(address, "address");
  }
}
