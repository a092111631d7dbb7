package dev.headgate.core.egress;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are no hosts of the public network (RFC 6890 and the registries that it
 * began), and the forms in which an IPv6 address stands for one of IPv4. Stateless.
 */
final class SpecialAddresses {
  private static final List<CidrRange> RANGES =
      List.of(
          // This network, private, shared (CGNAT), loopback, link-local.
          CidrRange.parse("0.0.0.0/8"),
          CidrRange.parse("10.0.0.0/8"),
          CidrRange.parse("100.64.0.0/10"),
          CidrRange.parse("127.0.0.0/8"),
          CidrRange.parse("169.254.0.0/16"),
          CidrRange.parse("172.16.0.0/12"),
          CidrRange.parse("192.168.0.0/16"),
          // Protocol assignments, documentation, 6to4 relays, benchmarks.
          CidrRange.parse("192.0.0.0/24"),
          CidrRange.parse("192.0.2.0/24"),
          CidrRange.parse("192.88.99.0/24"),
          CidrRange.parse("198.18.0.0/15"),
          CidrRange.parse("198.51.100.0/24"),
          CidrRange.parse("203.0.113.0/24"),
          // Multicast; reserved, with broadcast.
          CidrRange.parse("224.0.0.0/4"),
          CidrRange.parse("240.0.0.0/4"),
          // Unspecified, loopback, local NAT64, discard, Teredo and other assignments.
          CidrRange.parse("::/127"),
          CidrRange.parse("64:ff9b:1::/48"),
          CidrRange.parse("100::/64"),
          CidrRange.parse("2001::/23"),
          // Documentation, segment routing, unique local, link-local, site-local, multicast.
          CidrRange.parse("2001:db8::/32"),
          CidrRange.parse("3fff::/20"),
          CidrRange.parse("5f00::/16"),
          CidrRange.parse("fc00::/7"),
          CidrRange.parse("fe80::/10"),
          CidrRange.parse("fec0::/10"),
          CidrRange.parse("ff00::/8"));

  /** An address of IPv4 begins at a byte of an address in a range. */
  private record Embedding(CidrRange range, int offset) {}

  private static final List<Embedding> EMBEDDINGS =
      List.of(
          new Embedding(new CidrRange(mapped(), 96), 12), // mapped, which Java unwraps itself
          new Embedding(CidrRange.parse("::/96"), 12), // compatible
          new Embedding(CidrRange.parse("::ffff:0:0:0/96"), 12), // translated
          new Embedding(CidrRange.parse("64:ff9b::/96"), 12), // NAT64
          new Embedding(CidrRange.parse("2002::/16"), 2)); // 6to4

  private SpecialAddresses() {}

  private static byte[] mapped() {
    byte[] prefix = new byte[16];
    prefix[10] = (byte) 0xff;
    prefix[11] = (byte) 0xff;
    return prefix;
  }

  static boolean contain(byte[] address) {
    for (CidrRange range : RANGES) {
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
