package dev.headgate.core.egress;

import dev.headgate.core.http.AddressLiteral;
import java.net.InetAddress;

/** A range of addresses (RFC 4632). Immutable. */
final class CidrRange {
  private final byte[] network;
  private final int bits;

  /**
   * Makes a range.
   *
   * @param network its first address: 4 bytes or 16
   * @param bits how many leading bits are those of all addresses in it
   */
  CidrRange(byte[] network, int bits) {
    this.network = network.clone();
    this.bits = bits;
  }

  /** Reads {@code 10.0.0.0/8}, or an address by itself. */
  static CidrRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = AddressLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    if (address != null) {
      int most = address.getAddress().length * 8;
      int bits = slash < 0 ? most : bits(text, slash + 1);
      if (bits >= 0 && bits <= most) return new CidrRange(address.getAddress(), bits);
    }
    throw new IllegalArgumentException(
        "range must be an address, or an address, '/' and a number of bits, but was '"
            + text
            + "'");
  }

  private static int bits(String text, int from) {
    try {
      return Integer.parseUnsignedInt(text, from, text.length(), 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  boolean contains(byte[] address) {
    if (address.length != network.length) return false;
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) return false;
    }
    int rest = bits % 8;
    if (rest == 0) return true;
    int mask = 0xff << (8 - rest);
    return (address[whole] & mask) == (network[whole] & mask);
  }
}
