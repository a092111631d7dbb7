package dev.headgate.core.coding;

/**
 * Limits on what a body may grow to when it is decoded. Memory needs none: a decoded body costs
 * only what its reader takes. They protect who collects it, or pays for it.
 *
 * @param maxBytes the most decoded bytes; {@link Long#MAX_VALUE} for no limit
 * @param maxRatio the most decoded bytes for one encoded byte, applied once {@value #RATIO_FREE}
 *     bytes are decoded (short bodies may have any ratio); {@link Integer#MAX_VALUE} for no limit.
 *     gzip itself reaches about 1030
 */
public record DecodingLimits(long maxBytes, int maxRatio) {
  /** No limit. */
  public static final DecodingLimits NONE = new DecodingLimits(Long.MAX_VALUE, Integer.MAX_VALUE);

  /** How many decoded bytes are free of the ratio. */
  public static final int RATIO_FREE = 64 * 1024;

  /**
   * Checks the limits.
   *
   * @param maxBytes the most decoded bytes
   * @param maxRatio the most decoded bytes for one encoded byte
   * @throws IllegalArgumentException if one is below 1
   */
  public DecodingLimits {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes must be at least 1, but was " + maxBytes);
    }
    if (maxRatio < 1) {
      throw new IllegalArgumentException("maxRatio must be at least 1, but was " + maxRatio);
    }
  }

  /**
   * Limits the size only.
   *
   * @param maxBytes the most decoded bytes, 1 or more
   * @return the limits
   */
  public static DecodingLimits maxBytes(long maxBytes) {
    return new DecodingLimits(maxBytes, Integer.MAX_VALUE);
  }

  void check(String coding, long in, long out) throws CodingException {
    if (out > maxBytes) {
      throw new CodingException(
          coding,
          CodingException.Reason.TOO_LARGE,
          "decodes to more than " + maxBytes + " bytes",
          null);
    }
    if (out > RATIO_FREE && out / maxRatio > in) {
      throw new CodingException(
          coding,
          CodingException.Reason.TOO_LARGE,
          "decodes to more than " + maxRatio + " bytes for each encoded one",
          null);
    }
  }
}
