package dev.headgate.core.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as text in the one usual form, without any lookup of a name; {@link AddressLiteral}
 * knows the unusual ones. Stateless.
 */
public final class IpText {
  private IpText() {}

  /**
   * Reads an address.
   *
   * @param text IPv4 as four decimal numbers, or IPv6 without brackets and zone
   * @return the address; null for anything else
   */
  public static @Nullable InetAddress parse(String text) {
    byte[] bytes = text.indexOf(':') >= 0 ? null : v4(text);
    try {
      if (bytes != null) return InetAddress.getByAddress(bytes);
      // Of these characters, and with a colon, the text is an address or nothing: no name is looked
      // up.
      return mayBeV6(text) ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean mayBeV6(String text) {
    if (text.indexOf(':') < 0 || text.charAt(0) == '.') return false;
    return text.chars()
        .allMatch(c -> c == ':' || c == '.' || (c < 128 && Character.digit(c, 16) >= 0));
  }

  private static byte @Nullable [] v4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) return null;
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      boolean digits = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!digits || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) return null;
      int value = Integer.parseInt(part);
      if (value > 255) return null;
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /**
   * Writes an address.
   *
   * @param address the address
   * @return IPv6 in its one short form (RFC 5952), without zone and brackets
   */
  public static String format(InetAddress address) {
    if (!(address instanceof Inet6Address)) return address.getHostAddress();
    byte[] bytes = address.getAddress();
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int from = -1;
    int longest = 1; // a single zero is written out
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) end++;
      if (end - i > longest) {
        from = i;
        longest = end - i;
      }
      if (end > i) i = end;
    }
    StringBuilder out = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        out.append("::");
        i += longest - 1;
        continue;
      }
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') out.append(':');
      out.append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }
}
