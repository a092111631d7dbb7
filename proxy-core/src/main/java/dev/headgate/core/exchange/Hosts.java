package dev.headgate.core.exchange;

/** Hosts out of authorities that have been checked. */
final class Hosts {
  private Hosts() {}

  /** Returns the host of {@code host} or {@code host:port}, IPv6 without its brackets. */
  static String withoutPort(String authority) {
    if (authority.startsWith("[")) return authority.substring(1, authority.indexOf(']'));
    int colon = authority.indexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }
}
