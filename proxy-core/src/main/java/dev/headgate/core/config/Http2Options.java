package dev.headgate.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * How much may be under way on one connection of HTTP/2 (RFC 9113 sections 5.1.2 and 5.2): with a
 * client, where it is told to it, or with an upstream. Immutable; start with {@link #defaults()}.
 * Nothing is checked before the start of the proxy.
 *
 * <p>How long a head may be is no setting of HTTP/2: a client is told the sum of {@link
 * Limits#maxRequestLineBytes()} and {@link Limits#maxHeaderBytes()}, an upstream the engine's limit
 * of a response's head.
 *
 * @param maxStreams most streams at a time, 1 to 100,000; 128 by default. More of a client's are
 *     refused; calls beyond an upstream's go by a further connection. An upstream may ask for less
 * @param streamWindowBytes how much of one body may come without being taken, 65,535 to 2^31-1; 256
 *     KiB by default. It bounds what one exchange holds in one direction, and how fast one body is
 *     over a long way
 * @param connectionWindowBytes the same for all bodies of a connection, {@code streamWindowBytes}
 *     to 2^31-1. With less than all streams may hold, some whose readers stall stop the others; by
 *     default it is that
 */
public record Http2Options(int maxStreams, int streamWindowBytes, int connectionWindowBytes) {
  private static final int MOST_STREAMS = 100_000;

  /** What a window is before anybody has said otherwise (RFC 9113 section 6.9.2). */
  private static final int LEAST_WINDOW = 65_535;

  private static final Http2Options DEFAULTS = of(128, 256 * 1024);

  /**
   * Returns the defaults.
   *
   * @return 128 streams with 256 KiB each, and as much as all of them for a connection: 32 MiB
   */
  public static Http2Options defaults() {
    return DEFAULTS;
  }

  /**
   * Returns options where streams whose readers stall never stop the others.
   *
   * @param maxStreams most streams at a time
   * @param streamWindowBytes how much of one body may come without being taken
   * @return the options, with a connection's window for all streams, so far as there is one
   */
  public static Http2Options of(int maxStreams, int streamWindowBytes) {
    long all = (long) maxStreams * streamWindowBytes;
    int window = (int) Math.min(Integer.MAX_VALUE, Math.max(streamWindowBytes, all));
    return new Http2Options(maxStreams, streamWindowBytes, window);
  }

  /**
   * Returns these options with another window for a connection.
   *
   * @param bytes how much of all bodies may come without being taken
   * @return the options
   */
  public Http2Options withConnectionWindowBytes(int bytes) {
    return new Http2Options(maxStreams, streamWindowBytes, bytes);
  }

  /**
   * Returns what is wrong with these options.
   *
   * @return a sentence for each mistake; empty when there is none
   */
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (maxStreams < 1 || maxStreams > MOST_STREAMS) {
      mistakes.add("http2 maxStreams must be 1 to 100000, but was " + maxStreams);
    }
    if (streamWindowBytes < LEAST_WINDOW) {
      mistakes.add("http2 streamWindowBytes must be 65535 or more, but was " + streamWindowBytes);
    }
    if (connectionWindowBytes < Math.max(streamWindowBytes, LEAST_WINDOW)) {
      mistakes.add(
          "http2 connectionWindowBytes must be streamWindowBytes or more, but was "
              + connectionWindowBytes);
    }
    return mistakes;
  }
}
