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
 *
 * <p>A chunk that is neither in its call nor retained must not be touched: its methods throw {@link
 * IllegalStateException}, or, as the engine lends the same object again, tell of a later chunk of
 * the same body.
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
   * @throws IllegalStateException if it was released as often as it was retained; nobody else loses
   *     the bytes by that
   */
  void release();
}
