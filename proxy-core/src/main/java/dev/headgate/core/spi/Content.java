package dev.headgate.core.spi;

import dev.headgate.api.body.BodyChunk;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a body as it travels between backend and core: a chunk, or the failure that ends the
 * body.
 *
 * <p>Whoever takes one from {@link BodySource#read()} owns one reference and must {@link
 * #release()} it; giving it to a sink or a source's reader gives the reference away. A failure
 * holds no buffer: releasing it is allowed and does nothing.
 *
 * <p>{@link #bytes()} and {@link #size()} always tell of the whole chunk, however far the position
 * of {@link #buffer()} has moved: a plugin may have retained a chunk that is being written.
 */
public interface Content extends BodyChunk {
  /**
   * Returns the bytes themselves, whose position the owner may move. It may be a direct or a heap
   * buffer, and must not be kept after the release.
   *
   * @return the bytes from position to limit
   */
  ByteBuffer buffer();

  /**
   * Returns why the body ended early.
   *
   * @return the reason; null for bytes. With a reason, {@link #last()} is true and there are no
   *     bytes
   */
  default @Nullable Throwable failure() {
    return null;
  }
}
