package dev.headgate.core.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes private keys. The JDK reads PKCS #8 only, so the older forms get its envelope (RFC 5208)
 * put around them. Stateless; null for what can't be read.
 */
final class PrivateKeys {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION_0 = {INTEGER, 1, 0};

  /** {@code AlgorithmIdentifier} of rsaEncryption. */
  private static final byte[] RSA = {
    SEQUENCE, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
  };

  /** The object identifier of id-ecPublicKey. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PrivateKeys() {}

  static @Nullable PrivateKey pkcs8(byte[] encoded) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        // Not of this algorithm.
      }
    }
    return null;
  }

  /** A key of PKCS #1 (RFC 8017 appendix A.1.2). */
  static @Nullable PrivateKey pkcs1(byte[] encoded) {
    return pkcs8(tlv(SEQUENCE, VERSION_0, RSA, tlv(OCTET_STRING, encoded)));
  }

  /** A key of SEC 1 (RFC 5915), which names its curve. */
  static @Nullable PrivateKey sec1(byte[] encoded) {
    byte[] curve = curve(encoded);
    if (curve == null) return null;
    return pkcs8(tlv(SEQUENCE, VERSION_0, tlv(SEQUENCE, EC, curve), tlv(OCTET_STRING, encoded)));
  }

  /** Finds the parameters: {@code SEQUENCE { version, key, [0] parameters, … }}. */
  private static byte @Nullable [] curve(byte[] der) {
    int[] at = {0};
    try {
      if (enter(der, at) != SEQUENCE) return null;
      while (at[0] < der.length) {
        int tag = der[at[0]] & 0xff;
        int start = at[0];
        enter(der, at);
        int length = length(der, start);
        if (tag == PARAMETERS) {
          byte[] found = new byte[length];
          System.arraycopy(der, at[0], found, 0, length);
          return found;
        }
        at[0] += length;
      }
    } catch (IndexOutOfBoundsException e) {
      // Cut off, or no DER.
    }
    return null;
  }

  /** Moves behind tag and length, and returns the tag. */
  private static int enter(byte[] der, int[] at) {
    int tag = der[at[0]] & 0xff;
    int first = der[at[0] + 1] & 0xff;
    at[0] += first < 0x80 ? 2 : 2 + (first & 0x7f);
    return tag;
  }

  private static int length(byte[] der, int start) {
    int first = der[start + 1] & 0xff;
    if (first < 0x80) return first;
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) length = (length << 8) | (der[start + 2 + i] & 0xff);
    return length;
  }

  private static byte[] tlv(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) length += part.length;
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] part : parts) out.writeBytes(part);
    return out.toByteArray();
  }
}
