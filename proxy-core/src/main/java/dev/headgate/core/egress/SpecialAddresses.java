package dev.headgate.core.egress;

import dev.headgate.core.http.AddressRange;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are no hosts of the public network (RFC 6890 and the registries that it
 * began), and the forms in which an IPv6 address stands for one of IPv4. Stateless.
 */
final class SpecialAddresses {
  private static final List<AddressRange> RANGES =
      List.of(
          // This network, private, shared (CGNAT), loopback, link-local.
          AddressRange.parse("0.0.0.0/8"),
          AddressRange.parse("10.0.0.0/8"),
          AddressRange.parse("100.64.0.0/10"),
          AddressRange.parse("127.0.0.0/8"),
          AddressRange.parse("169.254.0.0/16"),
          AddressRange.parse("172.16.0.0/12"),
          AddressRange.parse("192.168.0.0/16"),
          // Protocol assignments, documentation, 6to4 relays, benchmarks.
          AddressRange.parse("192.0.0.0/24"),
          AddressRange.parse("192.0.2.0/24"),
          AddressRange.parse("192.88.99.0/24"),
          AddressRange.parse("198.18.0.0/15"),
          AddressRange.parse("198.51.100.0/24"),
          AddressRange.parse("203.0.113.0/24"),
          // Multicast; reserved, with broadcast.
          AddressRange.parse("224.0.0.0/4"),
          AddressRange.parse("240.0.0.0/4"),
          // Unspecified, loopback, local NAT64, discard, Teredo and other assignments.
          AddressRange.parse("::/127"),
          AddressRange.parse("64:ff9b:1::/48"),
          AddressRange.parse("100::/64"),
          AddressRange.parse("2001::/23"),
          // Documentation, segment routing, unique local, link-local, site-local, multicast.
          AddressRange.parse("2001:db8::/32"),
          AddressRange.parse("3fff::/20"),
          AddressRange.parse("5f00::/16"),
          AddressRange.parse("fc00::/7"),
          AddressRange.parse("fe80::/10"),
          AddressRange.parse("fec0::/10"),
          AddressRange.parse("ff00::/8"));

  /** An address of IPv4 begins at a byte of an address in a range. */
  private record Embedding(AddressRange range, int offset) {}

  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(new AddressRange(mapped(), 96), 12), // mapped, which Java unwraps itself
          new Embedding(AddressRange.parse("::/96"), 12), // compatible
          new Embedding(AddressRange.parse("::ffff:0:0:0/96"), 12), // translated
          new Embedding(AddressRange.parse("64:ff9b::/96"), 12), // NAT64
          new Embedding(AddressRange.parse("2002::/16"), 2)); // 6to4

  private SpecialAddresses() {}

  private static byte[] mapped() {
    byte[] prefix = new byte[16];
    prefix[10] = (byte) 0xff;
    prefix[11] = (byte) 0xff;
    return prefix;
  }

  static boolean contain(byte[] address) {
    for (AddressRange range : RANGES) {
      if (range.contains(address)) return true;
    }
    return false;
  }

  /** Returns the address of IPv4 that one of IPv6 stands for; null for none. */
  static byte @Nullable [] embedded(byte[] address) {
    if (address.length == 4) return null;
    for (Embedding embedding : EMBEDDINGS) {
      if (embedding.range().contains(address)) {
        return Arrays.copyOfRange(address, embedding.offset(), embedding.offset() + 4);
      }
    }
    return null;
  }
}
