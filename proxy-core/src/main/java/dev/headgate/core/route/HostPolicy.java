package dev.headgate.core.route;

import java.util.Objects;

/** Which Host an upstream is sent. Closed, immutable; made by the static methods. */
public sealed interface HostPolicy {
  /**
   * Sends the authority of the target that the request goes to: the default.
   *
   * @return the policy
   */
  static HostPolicy target() {
    return Standard.TARGET;
  }

  /**
   * Keeps what the client asked for; the target's where an HTTP/1.0 client gave nothing.
   *
   * @return the policy
   */
  static HostPolicy client() {
    return Standard.CLIENT;
  }

  /**
   * Always sends the same.
   *
   * @param authority {@code host} or {@code host:port}; checked when the router is built
   * @return the policy
   */
  static HostPolicy fixed(String authority) {
    return new Fixed(authority);
  }

  /**
   * Returns what to send.
   *
   * @param targetAuthority the target's authority
   * @param clientAuthority the authority that the client asked for; may be empty
   * @return the value of Host
   */
  String host(String targetAuthority, String clientAuthority);

  /** The policies without a value of their own. */
  enum Standard implements HostPolicy {
    /** See {@link HostPolicy#target()}. */
    TARGET {
      @Override
      public String host(String targetAuthority, String clientAuthority) {
        return targetAuthority;
      }
    },
    /** See {@link HostPolicy#client()}. */
    CLIENT {
      @Override
      public String host(String targetAuthority, String clientAuthority) {
        return clientAuthority.isEmpty() ? targetAuthority : clientAuthority;
      }
    }
  }

  /**
   * See {@link HostPolicy#fixed}.
   *
   * @param authority what is sent
   */
  record Fixed(String authority) implements HostPolicy {
    /**
     * Checks that nothing is null.
     *
     * @param authority what is sent
     */
    public Fixed {
      Objects.requireNonNull(authority, "authority");
    }

    @Override
    public String host(String targetAuthority, String clientAuthority) {
      return authority;
    }
  }
}
