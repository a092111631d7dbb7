package dev.headgate.core.body;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body whose bytes are at hand. */
public final class BytesSource implements BodySource {
  private final ByteBuffer bytes;
  private boolean read;
  private volatile @Nullable Throwable failure;

  /**
   * Wraps bytes; their position is not moved.
   *
   * @param bytes the bytes from position to limit
   */
  public BytesSource(ByteBuffer bytes) {
    this.bytes = bytes.duplicate();
  }

  @Override
  public @Nullable Content read() {
    Throwable reason = failure;
    if (reason != null) return HeapContent.failed(reason);
    if (read) return HeapContent.end();
    read = true;
    return HeapContent.of(bytes.duplicate(), true);
  }

  @Override
  public void demand(Runnable ready) {
    ready.run();
  }

  @Override
  public void abort(Throwable reason) {
    if (!read) failure = reason;
  }

  @Override
  public long length() {
    return bytes.remaining();
  }
}
