package dev.headgate.api.body;

import java.nio.ByteBuffer;

/**
 * A piece of a body on its way through the proxy.
 *
 * <p>Ownership: the chunk is <em>borrowed</em>. Its bytes may be read until the hook that was given
 * it returns; whoever needs them longer calls {@link #retain()} before that and {@link #release()}
 * exactly once when done. A chunk that is never released keeps its buffer out of the pool. {@link
 * #retain()} and {@link #release()} may be called on any thread; the bytes may be read by one
 * thread at a time.
 */
public interface BodyChunk {
  /**
   * Returns a read-only view of the bytes, with its own position and limit, made anew on each call.
   *
   * @return the bytes from position to limit; possibly none
   */
  ByteBuffer bytes();

  /**
   * Returns the number of bytes, without making a view.
   *
   * @return 0 or more
   */
  int size();

  /**
   * Returns whether this is the last chunk of its body. The last chunk may be empty.
   *
   * @return whether no further chunk follows
   */
  boolean last();

  /** Extends the loan: the bytes stay valid until a matching {@link #release()}. */
  void retain();

  /**
   * Ends what a {@link #retain()} began.
   *
   * @throws IllegalStateException if there is nothing left to release
   */
  void release();
}
