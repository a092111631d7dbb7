package dev.headgate.jetty.http1;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * What has come on a connection and was not parsed: one pooled buffer, held only while there is
 * something in it, and as large as what comes. Not thread-safe: guarded by its connection.
 */
final class InputBuffer {
  private final ByteBufferPool pool;
  private final int usualBytes;
  private final int largeBytes;

  /** How much came at once last time. */
  private int filled;

  private @Nullable RetainableByteBuffer held;

  /**
   * Makes one without anything in it.
   *
   * @param pool for buffers
   * @param usualBytes how large they are
   * @param largeBytes how large they are after one that was filled
   */
  InputBuffer(ByteBufferPool pool, int usualBytes, int largeBytes) {
    this.pool = pool;
    this.usualBytes = usualBytes;
    this.largeBytes = largeBytes;
  }

  /** Reads from the network without waiting: see {@link MessageReader#fill}. */
  int fill(EndPoint endPoint, boolean wide) throws IOException {
    ByteBuffer buffer = roomy(wide);
    if (buffer == null) return 0;
    try {
      int came = endPoint.fill(buffer);
      if (came > 0) filled = came;
      return came;
    } finally {
      releaseIfEmpty();
    }
  }

  /** Takes bytes that were read by somebody else: no more than there is room for. */
  void prefill(ByteBuffer bytes) {
    ByteBuffer buffer = roomy(false);
    if (buffer == null) throw new IllegalStateException("there is no room");
    int position = BufferUtil.flipToFill(buffer);
    buffer.put(bytes);
    BufferUtil.flipToFlush(buffer, position);
  }

  boolean hasRoom() {
    RetainableByteBuffer buffer = held;
    return buffer == null || buffer.remaining() < buffer.capacity();
  }

  boolean hasBytes() {
    return held != null && held.hasRemaining();
  }

  /** Returns the bytes, whose position may be moved; null when there are none. */
  @Nullable ByteBuffer bytes() {
    return held == null ? null : held.getByteBuffer();
  }

  /** Returns the buffer that they lie in, to be retained for them; null when there are none. */
  @Nullable RetainableByteBuffer held() {
    return held;
  }

  /** Returns a copy of the bytes, perhaps empty. */
  ByteBuffer copy() {
    ByteBuffer bytes = bytes();
    ByteBuffer copy = ByteBuffer.allocate(bytes == null ? 0 : bytes.remaining());
    if (bytes != null) copy.put(bytes.duplicate());
    return copy.flip();
  }

  /** Gives the buffer back, with whatever is in it. */
  void release() {
    if (held != null) held.release();
    held = null;
  }

  /** Gives the buffer back when nothing is left in it. */
  void releaseIfEmpty() {
    if (held != null && !held.hasRemaining()) release();
  }

  /** Returns the buffer with room behind its bytes; null when it is full. */
  private @Nullable ByteBuffer roomy(boolean wide) {
    RetainableByteBuffer before = held;
    if (before == null) {
      RetainableByteBuffer first = pool.acquire(size(wide), true);
      held = first;
      return first.getByteBuffer();
    }
    ByteBuffer buffer = before.getByteBuffer();
    if (buffer.remaining() == buffer.capacity()) return null;
    boolean wouldMove = !buffer.hasRemaining() || buffer.limit() == buffer.capacity();
    if (!wouldMove || !before.isRetained()) return buffer;
    // Content that is still under way lies in this buffer: filling it would move or overwrite that.
    RetainableByteBuffer fresh = pool.acquire(buffer.capacity(), true);
    ByteBuffer target = fresh.getByteBuffer();
    int position = BufferUtil.flipToFill(target);
    target.put(buffer);
    BufferUtil.flipToFlush(target, position);
    before.release();
    held = fresh;
    return target;
  }

  private int size(boolean wide) {
    if (filled < usualBytes) return usualBytes;
    return wide && filled >= largeBytes
        ? Math.max(MessageReader.MOST_BYTES, largeBytes)
        : largeBytes;
  }
}
