package dev.headgate.jetty.server;

import dev.headgate.jetty.http1.BrokenBodyException;

/**
 * What is left of a request that nobody reads any more. It is dropped up to a limit, so that the
 * connection can serve the next one; what is more is not worth its reading. Guarded by the
 * connection's lock.
 */
final class Leftover {
  /** How much is dropped of a client that reads its last response and goes on sending. */
  private static final long LINGER_BYTES = 1 << 20;

  private final RequestReader reader;
  private final long most;
  private long dropped;
  private boolean unusable;

  /**
   * Begins with nothing.
   *
   * @param reader the connection's
   * @param most how many bytes of a body to drop
   */
  Leftover(RequestReader reader, long most) {
    this.reader = reader;
    this.most = most;
  }

  /** A request begins. */
  void next() {
    dropped = 0;
  }

  /** No further request can be found on the connection. */
  void unusable() {
    unusable = true;
  }

  /** Whether the rest of the request is known to be more than may be dropped. */
  boolean isTooLong() {
    return unusable || (!reader.ended() && reader.left() > most);
  }

  /**
   * Drops what is at hand of the request, unless that was too much already.
   *
   * @return whether a further request may be found behind it
   */
  boolean drop() {
    try {
      if (!unusable && dropped <= most) dropped += reader.discard();
    } catch (BrokenBodyException e) {
      unusable = true;
    }
    return !unusable && (reader.ended() || dropped <= most);
  }

  /**
   * Drops all that is at hand, whatever it is.
   *
   * @return whether that is still bearable
   */
  boolean dropAll() {
    dropped += reader.clear();
    return dropped <= LINGER_BYTES;
  }
}
