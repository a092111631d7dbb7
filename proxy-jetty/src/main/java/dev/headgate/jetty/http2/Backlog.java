package dev.headgate.jetty.http2;

import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;

/**
 * What waits to be written to a peer that takes nothing. Nearly everything that a peer sends makes
 * something wait: an acknowledgement, a response to a stream that is reset at once, a window that
 * is opened by the next write. Rates do not bound that, however low they are (RFC 9113 section
 * 10.5). Of the thread that parses.
 */
public final class Backlog {
  /** Each stream may have a head, a piece of its body, a window and its end to be written. */
  private static final int FRAMES_PER_STREAM = 4;

  private static final int OTHER_FRAMES = 200;

  /** So many windows may be opened for one write; one for every few bytes of it. */
  private static final int MOST_WINDOWS = 10_000;

  private final EndPoint endPoint;
  private final int mostFrames;
  private int windows;
  private long written;

  /**
   * Makes one for a connection.
   *
   * @param endPoint its socket
   * @param maxStreams how many streams it may have at a time
   */
  public Backlog(EndPoint endPoint, int maxStreams) {
    this.endPoint = endPoint;
    this.mostFrames = FRAMES_PER_STREAM * maxStreams + OTHER_FRAMES;
  }

  /** Whether a write waits for the peer. What was not even tried to be written is not counted. */
  private boolean isBlocked() {
    return endPoint instanceof AbstractEndPoint socket && socket.getWriteFlusher().isPending();
  }

  /**
   * Looks whether more frames wait than a peer can have asked for in good faith.
   *
   * @param session the connection's
   * @return whether they are too many
   */
  public boolean isTooLong(HTTP2Session session) {
    return isBlocked() && session.getFrameQueueSize() > mostFrames;
  }

  /**
   * Counts a window that the peer opens.
   *
   * @param session the connection's
   * @return whether too many of them wait for a write
   */
  public boolean hasTooManyWindows(HTTP2Session session) {
    long now = session.getBytesWritten();
    if (now != written || !isBlocked()) windows = 0;
    written = now;
    return ++windows > MOST_WINDOWS;
  }
}
