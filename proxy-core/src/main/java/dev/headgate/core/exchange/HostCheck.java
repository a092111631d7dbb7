package dev.headgate.core.exchange;

import java.util.Locale;
import java.util.Set;

/**
 * Which Host values a listener serves. A loopback listener must check: a page in a browser can make
 * any name point to it (DNS rebinding, rule 34). Immutable.
 */
public final class HostCheck {
  private final boolean on;
  private final Set<String> allowed;

  private HostCheck(boolean on, Set<String> allowed) {
    this.on = on;
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Serves any host.
   *
   * @return the check
   */
  public static HostCheck any() {
    return new HostCheck(false, Set.of());
  }

  /**
   * Serves loopback names and addresses, and these.
   *
   * @param hosts further names, in lower case, without ports
   * @return the check
   */
  public static HostCheck loopbackAnd(Set<String> hosts) {
    return new HostCheck(true, hosts);
  }

  /**
   * Checks a host.
   *
   * @param host the host without port, in lower case; empty when the client gave none
   * @return whether it is served
   */
  public boolean allows(String host) {
    if (!on || host.isEmpty()) return true;
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("127.0.0.1")
        || host.equals("[::1]")
        || host.equals("::1")
        || isLoopbackV4(host)
        || allowed.contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isLoopbackV4(String host) {
    if (!host.startsWith("127.")) return false;
    int dots = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') dots++;
      else if (c < '0' || c > '9') return false;
    }
    return dots == 3;
  }
}
