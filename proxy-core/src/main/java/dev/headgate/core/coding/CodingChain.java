package dev.headgate.core.coding;

import dev.headgate.core.spi.BodySource;
import java.util.List;

/**
 * The codings of one {@code Content-Encoding} value, all of them known. Immutable and thread-safe.
 *
 * @param codings the codings in the order in which they were applied; empty when the body is not
 *     encoded
 */
public record CodingChain(List<ContentCoding> codings) {
  /**
   * Copies the list.
   *
   * @param codings the codings, first applied first
   */
  public CodingChain {
    codings = List.copyOf(codings);
  }

  /**
   * Returns whether there is nothing to decode.
   *
   * @return whether there is no coding
   */
  public boolean isIdentity() {
    return codings.isEmpty();
  }

  /**
   * Wraps a body so that it is decoded, the coding applied last first.
   *
   * @param body the encoded body, which belongs to the result
   * @param limits for each coding
   * @return the plain body; {@code body} itself when there is no coding
   */
  public BodySource decode(BodySource body, DecodingLimits limits) {
    BodySource result = body;
    for (int i = codings.size() - 1; i >= 0; i--) {
      result = new DecodingSource(result, codings.get(i), limits);
    }
    return result;
  }

  /**
   * Wraps a body so that it is encoded again.
   *
   * @param body the plain body, which belongs to the result
   * @return the encoded body; {@code body} itself when there is no coding. Reading it fails if one
   *     of the codings has no encoder
   */
  public BodySource encode(BodySource body) {
    BodySource result = body;
    for (ContentCoding coding : codings) {
      result = new EncodingSource(result, coding);
    }
    return result;
  }
}
