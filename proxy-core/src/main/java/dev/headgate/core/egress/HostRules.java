package dev.headgate.core.egress;

import dev.headgate.core.http.AddressLiteral;
import dev.headgate.core.http.AddressRange;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.RequestTarget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of hosts: names, address literals, {@code *.name} for all names below one, and ranges of
 * addresses, for those that are written as such. An address is the same in whatever form it is
 * written, also as one of IPv6 that stands for it.
 */
final class HostRules {
  private final Set<String> names = new HashSet<>();
  private final List<String> suffixes = new ArrayList<>();
  private final List<AddressRange> ranges = new ArrayList<>();
  private boolean any;

  /** Adds a rule; {@code *} stands for all hosts. */
  void add(String pattern) {
    if (pattern.equals("*")) {
      any = true;
      return;
    }
    if (pattern.indexOf('/') > 0 && AddressLiteral.parse(network(pattern)) != null) {
      ranges.add(AddressRange.parse(pattern));
      return;
    }
    boolean wildcard = pattern.startsWith("*.");
    String name = normal(wildcard ? pattern.substring(2) : pattern, pattern);
    if (wildcard) {
      suffixes.add("." + name);
    } else {
      InetAddress literal = AddressLiteral.parse(name);
      names.add(literal == null ? name : literal.getHostAddress());
    }
  }

  private static String network(String range) {
    return range.substring(0, range.indexOf('/'));
  }

  /** Returns whether a text is a name or an address, IPv6 without brackets. */
  static boolean isHost(String text) {
    try {
      normal(text, text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String normal(String host, String pattern) {
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    try {
      String normal = RequestTarget.normaliseAuthority(bare ? "[" + host + "]" : host);
      boolean literal = normal.startsWith("[");
      if (normal.lastIndexOf(':') < 0 || normal.endsWith("]")) {
        return literal ? normal.substring(1, normal.length() - 1) : normal;
      }
    } catch (BadTargetException e) {
      throw bad(pattern, e);
    }
    throw bad(pattern, null);
  }

  private static IllegalArgumentException bad(String pattern, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "host must be '*', a name or an address without port, a range of addresses, or '*.' and a"
            + " name, but was '"
            + pattern
            + "'",
        cause);
  }

  boolean isEmpty() {
    return !any && names.isEmpty() && suffixes.isEmpty() && ranges.isEmpty();
  }

  boolean contain(String host) {
    if (any) return true;
    String name = host.toLowerCase(Locale.ROOT);
    if (names.contains(name)) return true;
    InetAddress literal = AddressLiteral.parse(name);
    if (literal != null && containAddress(literal)) return true;
    for (String suffix : suffixes) {
      if (name.length() > suffix.length() && name.endsWith(suffix)) return true;
    }
    return false;
  }

  private boolean isInRange(byte[] address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) return true;
    }
    return false;
  }

  private boolean containAddress(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (names.contains(address.getHostAddress()) || isInRange(bytes)) return true;
    byte[] inner = SpecialAddresses.embedded(bytes);
    if (inner == null) return false;
    if (isInRange(inner)) return true;
    try {
      return names.contains(InetAddress.getByAddress(inner).getHostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
