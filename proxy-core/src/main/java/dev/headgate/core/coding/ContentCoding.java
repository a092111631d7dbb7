package dev.headgate.core.coding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One content coding, such as gzip: a factory of decoders and encoders.
 *
 * <p>To add one, implement this type in a public class with a public constructor without parameters
 * and register it for {@code ServiceLoader}. Implementations are thread-safe; what they make is
 * not.
 */
public interface ContentCoding {
  /**
   * Returns the name as it stands in {@code Content-Encoding}.
   *
   * @return a token in lower case, such as {@code br}
   */
  String name();

  /**
   * Returns further names for the same coding, such as {@code x-gzip}.
   *
   * @return tokens in lower case; none by default
   */
  default List<String> aliases() {
    return List.of();
  }

  /**
   * Returns why the coding can't be used in this process, for example because its native library
   * does not load. Such a coding stays out of the registry. Must not throw.
   *
   * @return the cause; null, the default, when the coding works
   */
  default @Nullable Throwable unavailable() {
    return null;
  }

  /**
   * Returns whether the codecs write into direct buffers only. The buffers they read from may
   * always be of either kind.
   *
   * @return false by default: buffers to write into are on the heap
   */
  default boolean direct() {
    return false;
  }

  /**
   * Makes a decoder for one body.
   *
   * @return a new decoder, which the caller closes
   * @throws CodingException if it can't be made
   */
  Decoder newDecoder() throws CodingException;

  /**
   * Makes an encoder for one body.
   *
   * @return a new encoder, which the caller closes; null if this coding can only be decoded, always
   *     or never
   * @throws CodingException if it can't be made
   */
  @Nullable Encoder newEncoder() throws CodingException;
}
