package dev.headgate.jetty.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells addresses from names, so that nobody waits for a resolver in vain. Stateless. */
final class Addresses {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

  private Addresses() {}

  /** Returns the address that a text is; null when it is a name. */
  static @Nullable InetAddress literal(String host) {
    if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) return null;
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
