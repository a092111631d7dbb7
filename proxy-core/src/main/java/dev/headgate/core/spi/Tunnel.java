package dev.headgate.core.spi;

/**
 * A connection, or a stream of one, on which no HTTP is spoken any more: raw bytes in both
 * directions, after a 101 (Switching Protocols) or a 2xx to CONNECT. Each of the two sides of a
 * proxy's tunnel is one of these.
 *
 * <p>The directions are independent. Each ends by itself (a half-closed connection, {@code
 * END_STREAM} in HTTP/2), and the tunnel is over when both have ended; the backend then closes what
 * lies under it. Bytes that came right behind the head are the first of the input. Nothing is read
 * that was not demanded, and no buffer is held while nothing comes.
 */
public interface Tunnel {
  /**
   * Returns what the peer sends. Its last content says that the peer will send no more; its failure
   * says that the connection broke or was reset. To abort it is to abort the tunnel.
   *
   * @return always the same source, of unknown length and without trailers
   */
  BodySource input();

  /**
   * Sends bytes to the peer. One write at a time, each after the completion of the one before.
   *
   * @param content the bytes, owned by the backend from now on; may be empty
   * @param last whether this ends the direction: the peer sees an end, and can still send
   * @param done told when they are out
   */
  void write(Content content, boolean last, Completion done);

  /**
   * Breaks off both directions: the peer sees a reset, never a clean end. A pending write fails, as
   * does the input. Idempotent, and without effect when both directions have ended.
   *
   * @param reason why, for the log
   */
  void abort(Throwable reason);
}
