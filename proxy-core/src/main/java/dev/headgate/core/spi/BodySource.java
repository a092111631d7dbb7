package dev.headgate.core.spi;

import dev.headgate.core.http.HeaderList;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read by demand: {@code read} until it returns null, {@code demand}, return; when
 * called back, read again. Nothing is taken from the network unless it was demanded, but for what
 * is at hand in the connection's one buffer.
 *
 * <p>One reader at a time: calls of {@link #read()} and {@link #demand} never overlap. {@link
 * #abort} may come at any time, on any thread.
 */
public interface BodySource {
  /**
   * Returns the next content without waiting.
   *
   * @return content whose reference the caller owns; or null when there is none now. After the last
   *     one, or a failure, each further call returns an empty end, or that failure, again
   */
  @Nullable Content read();

  /**
   * Asks for one call when {@link #read()} has something to return. It may come on any thread, also
   * before this method returns. Only one demand may be pending.
   *
   * @param ready called once; must not block or throw
   * @throws IllegalStateException if a demand is pending
   */
  void demand(Runnable ready);

  /**
   * Gives up on the rest: it will not be read. A pending demand is called back; {@code read} then
   * returns the failure. Idempotent, and without effect after the last content was read.
   *
   * @param reason why
   */
  void abort(Throwable reason);

  /**
   * Says that nobody looks at single contents: they may be as large as moves fastest, while without
   * this they have 64 KiB at most, which is what a hook can expect to get at once. Called before
   * the first read, if at all; does nothing by default.
   */
  default void bulk() {}

  /**
   * Returns how long the body is.
   *
   * @return bytes, or −1 when not known
   */
  long length();

  /**
   * Returns the trailers.
   *
   * @return the trailers, owned by the caller; null when there are none, before the last content
   *     was read, and perhaps once the exchange is over: never those of another message
   */
  default @Nullable HeaderList trailers() {
    return null;
  }
}
