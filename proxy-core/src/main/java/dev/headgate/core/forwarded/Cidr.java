package dev.headgate.core.forwarded;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A range of addresses, {@code address/bits}, or one address. Immutable. */
final class Cidr {
  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException with the text and what was expected
   */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) throw bad(text, "the address is not one");
    byte[] bytes = address.getAddress();
    int bits = slash < 0 ? bytes.length * 8 : bits(text.substring(slash + 1));
    if (bits < 0 || bits > bytes.length * 8) {
      throw bad(text, "the prefix must have 0 to " + bytes.length * 8 + " bits");
    }
    for (int i = bits; i < bytes.length * 8; i++) {
      if ((bytes[i / 8] >> (7 - i % 8) & 1) != 0) {
        throw bad(text, "no bit may be set behind the prefix");
      }
    }
    return new Cidr(bytes, bits);
  }

  private static int bits(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 3;
    for (int i = 0; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits ? Integer.parseInt(text) : -1;
  }

  /** Whether an address is in the range; null never is. */
  boolean contains(@Nullable InetAddress address) {
    if (address == null) return false;
    byte[] bytes = address.getAddress();
    if (bytes.length != network.length) return false;
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (bytes[i] != network[i]) return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((bytes[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException(
        "trusted clients must be addresses or ranges such as 10.0.0.0/8 or fd00::/8, but was '"
            + text
            + "': "
            + why);
  }
}
