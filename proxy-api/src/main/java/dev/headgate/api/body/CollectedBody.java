package dev.headgate.api.body;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A whole body, collected because a plugin asked for it by name and with a limit.
 *
 * <p>Immutable; may be kept and read on any thread.
 */
public final class CollectedBody {
  private final ByteBuffer bytes;

  /**
   * Wraps bytes without copying them.
   *
   * @param bytes the bytes from position to limit; the caller must not change them afterwards
   */
  public CollectedBody(ByteBuffer bytes) {
    this.bytes = Objects.requireNonNull(bytes, "bytes").asReadOnlyBuffer().slice();
  }

  /**
   * Returns the number of bytes.
   *
   * @return 0 or more
   */
  public int size() {
    return bytes.remaining();
  }

  /**
   * Returns the bytes.
   *
   * @return a read-only view with its own position and limit
   */
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /**
   * Decodes the bytes as UTF-8; malformed input becomes U+FFFD.
   *
   * @return the text
   */
  public String text() {
    return text(StandardCharsets.UTF_8);
  }

  /**
   * Decodes the bytes; malformed input becomes the charset's replacement.
   *
   * @param charset the charset
   * @return the text
   */
  public String text(Charset charset) {
    return charset.decode(bytes.duplicate()).toString();
  }

  /** Names the size only: a body may hold secrets. */
  @Override
  public String toString() {
    return "CollectedBody[" + size() + " bytes]";
  }
}
