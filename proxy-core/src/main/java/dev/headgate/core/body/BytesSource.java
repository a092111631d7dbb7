package dev.headgate.core.body;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body whose bytes are at hand. */
public final class BytesSource implements BodySource {
  private final ByteBuffer bytes;
  private final @Nullable HeaderList trailers;
  private boolean read;
  private volatile @Nullable Throwable failure;

  /**
   * Wraps bytes; their position is not moved.
   *
   * @param bytes the bytes from position to limit
   */
  public BytesSource(ByteBuffer bytes) {
    this(bytes, null);
  }

  /**
   * Wraps bytes that trailers follow.
   *
   * @param bytes the bytes from position to limit
   * @param trailers owned by the source from now on; null for none
   */
  public BytesSource(ByteBuffer bytes, @Nullable HeaderList trailers) {
    this.bytes = bytes.duplicate();
    this.trailers = trailers == null || trailers.size() == 0 ? null : trailers;
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

  /**
   * Returns the trailers of a body that was read, or, where its bytes are at hand, those that will
   * follow: another body may be put in its place.
   *
   * @param body the body
   * @return the trailers, owned by the caller; null when there are none, or before they came
   */
  public static @Nullable HeaderList trailersBehind(BodySource body) {
    if (!(body instanceof BytesSource held)) return body.trailers();
    return held.trailers == null ? null : held.trailers.copy();
  }

  /** Not told where trailers follow: a body whose length the head tells can't have any. */
  @Override
  public long length() {
    return trailers == null ? bytes.remaining() : -1;
  }

  @Override
  public @Nullable HeaderList trailers() {
    return trailers == null || !read ? null : trailers.copy();
  }
}
