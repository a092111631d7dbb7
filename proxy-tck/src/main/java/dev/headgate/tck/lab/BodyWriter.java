package dev.headgate.tck.lab;

import java.nio.charset.StandardCharsets;

/** The sending end of a body. For one thread at a time. */
public interface BodyWriter {
  /**
   * Sends a piece, and waits until the connection took it (which does not mean that anyone read
   * it).
   *
   * @param bytes the bytes
   * @throws AssertionError if the connection broke, or takes nothing for {@link Waits#CEILING}
   */
  void send(byte[] bytes);

  /**
   * Sends a piece, as {@link #send(byte[])} does.
   *
   * @param text UTF-8 text
   */
  default void send(String text) {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends the beginning of {@link Payload} piece by piece, until so many bytes are sent or the
   * connection takes no more. What was counted arrives once the receiver reads on.
   *
   * @param maxBytes how many at most
   * @return how many bytes were sent; less than {@code maxBytes} if it stalled
   * @throws AssertionError if the connection broke
   */
  long sendUntilStalled(long maxBytes);

  /**
   * Ends the body; waits until the connection took all of it.
   *
   * @param trailers name, value, name, value …; only for a body of unknown length
   * @throws AssertionError if the connection broke
   */
  void end(String... trailers);
}
