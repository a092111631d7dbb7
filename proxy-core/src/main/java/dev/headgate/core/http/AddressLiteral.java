package dev.headgate.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Tells addresses from names, in each form that a resolver may take for an address: IPv6, and IPv4
 * of one to four numbers in decimal, octal or hexadecimal (as {@code inet_aton} does). So what
 * looks like a name never turns out to be an address later. Stateless.
 */
public final class AddressLiteral {
  private static final int PARTS = 4;

  private AddressLiteral() {}

  /**
   * Returns the address that a text is.
   *
   * @param host a host, IPv6 without brackets
   * @return the address; null when it is a name
   */
  public static @Nullable InetAddress parse(String host) {
    try {
      if (host.indexOf(':') >= 0) return InetAddress.getByName(host);
      byte[] v4 = host.isEmpty() || !isDigit(host.charAt(0)) ? null : v4(host);
      return v4 == null ? null : InetAddress.getByAddress(v4);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static byte @Nullable [] v4(String host) {
    int end = host.endsWith(".") ? host.length() - 1 : host.length();
    long address = 0;
    int parts = 0;
    int start = 0;
    while (start <= end) {
      int dot = host.indexOf('.', start);
      int stop = dot < 0 || dot > end ? end : dot;
      long part = number(host, start, stop);
      if (part < 0 || ++parts > PARTS) return null;
      boolean last = stop == end;
      int bytes = last ? PARTS - parts + 1 : 1;
      if (part >= 1L << (8 * bytes)) return null;
      address = address << (8 * bytes) | part;
      if (last) break;
      start = stop + 1;
    }
    return new byte[] {
      (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
    };
  }

  /** Returns a number in the base that its prefix says; −1 when it is none. */
  private static long number(String text, int from, int to) {
    if (from >= to) return -1;
    int start = from;
    int base = 10;
    if (text.charAt(from) == '0' && to - from > 1) {
      boolean hex = (text.charAt(from + 1) | 0x20) == 'x';
      base = hex ? 16 : 8;
      start = hex ? from + 2 : from + 1;
    }
    long value = 0;
    for (int i = start; i < to; i++) {
      int digit = Character.digit(text.charAt(i), base);
      if (digit < 0 || text.charAt(i) > 'f') return -1;
      value = value * base + digit;
      if (value >= 1L << 32) return -1;
    }
    return value;
  }
}
