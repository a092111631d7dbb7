package dev.headgate.core.http;

import java.net.InetAddress;

/** A range of addresses (RFC 4632), or one address. Immutable. */
public final class AddressRange {
  private final byte[] network;
  private final int bits;

  /**
   * Makes a range.
   *
   * @param network its first address: 4 bytes or 16, with no bit set behind the prefix
   * @param bits how many leading bits are those of all addresses in it
   */
  public AddressRange(byte[] network, int bits) {
    this.network = network.clone();
    this.bits = bits;
  }

  /**
   * Reads a range as a configuration has it.
   *
   * @param text such as {@code 10.0.0.0/8} or {@code fd00::/8}, or an address by itself; never a
   *     name
   * @return the range
   * @throws IllegalArgumentException with the text and what was expected
   */
  public static AddressRange parse(String text) {
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
    return new AddressRange(bytes, bits);
  }

  private static int bits(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 3;
    for (int i = 0; i < text.length(); i++) {
      digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return digits ? Integer.parseInt(text) : -1;
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException(
        "expected an address, or a range such as 10.0.0.0/8 or fd00::/8, but was '"
            + text
            + "': "
            + why);
  }

  /**
   * Says whether an address is in the range.
   *
   * @param address 4 bytes or 16
   * @return whether it is; never for one of another length
   */
  public boolean contains(byte[] address) {
    if (address.length != network.length) return false;
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
  }
}
