package dev.headgate.core.coding;

import java.nio.ByteBuffer;

/**
 * Reads over the header of one gzip member (RFC 1952 §2.3), however it is cut. Its check sum is not
 * looked at.
 */
final class GzipHeader {
  private static final int FIXED = 10;
  private static final int CHECKSUM = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private int position;
  private int flags;
  private int extra =
      -1; // bytes left of the extra field; −1 before its length, −2 in the middle of it
  private int extraLow;
  private int checksum = 2;

  /** Consumes what belongs to the header; returns whether it is complete. */
  boolean read(ByteBuffer in) throws CodingException {
    while (position < FIXED || hasOptional()) {
      if (!in.hasRemaining()) {
        return false;
      }
      int octet = in.get() & 0xff;
      if (position < FIXED) {
        fixed(octet);
        position++;
      } else {
        optional(octet);
      }
    }
    return true;
  }

  private boolean hasOptional() {
    return (flags & (EXTRA | NAME | COMMENT | CHECKSUM)) != 0;
  }

  private void fixed(int octet) throws CodingException {
    switch (position) {
      case 0 -> require(octet == 0x1f, "does not begin with the magic number");
      case 1 -> require(octet == 0x8b, "does not begin with the magic number");
      case 2 -> require(octet == 8, "unknown compression method");
      case 3 -> {
        require((octet & RESERVED) == 0, "reserved flags are set");
        flags = octet;
      }
      default -> {} // time, extra flags, operating system
    }
  }

  private void optional(int octet) {
    if ((flags & EXTRA) != 0) {
      extra(octet);
    } else if ((flags & NAME) != 0) {
      flags &= octet == 0 ? ~NAME : ~0;
    } else if ((flags & COMMENT) != 0) {
      flags &= octet == 0 ? ~COMMENT : ~0;
    } else if (--checksum == 0) {
      flags &= ~CHECKSUM;
    }
  }

  private void extra(int octet) {
    if (extra == -1) {
      extraLow = octet;
      extra = -2;
    } else if (extra == -2) {
      extra = (octet << 8) | extraLow;
    } else {
      extra--;
    }
    if (extra == 0) {
      flags &= ~EXTRA;
    }
  }

  private static void require(boolean condition, String detail) throws CodingException {
    if (!condition) {
      throw CodingException.malformed(GzipCoding.NAME, detail);
    }
  }
}
