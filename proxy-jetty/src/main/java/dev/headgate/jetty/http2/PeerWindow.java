package dev.headgate.jetty.http2;

import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.SettingsFrame;

/**
 * The first window that a peer gives to each stream. Changes of it must not make any of them
 * overflow (RFC 9113 section 6.9.2), which Jetty does not check. Of the thread that parses.
 */
public final class PeerWindow {
  private int initial = FlowControlStrategy.DEFAULT_WINDOW_SIZE;

  /** Makes one that is what it is before anybody has said otherwise. */
  public PeerWindow() {}

  /**
   * Takes the peer's settings, before Jetty does.
   *
   * @param session the connection's
   * @param frame the settings
   * @return false when a stream's window would overflow
   */
  public boolean take(HTTP2Session session, SettingsFrame frame) {
    Integer changed = frame.getSettings().get(SettingsFrame.INITIAL_WINDOW_SIZE);
    if (changed == null || changed < 0) return true; // Jetty refuses what is too large
    long delta = (long) changed - initial;
    initial = changed;
    if (delta <= 0) return true;
    for (Stream stream : session.getStreams()) {
      if (((HTTP2Stream) stream).updateSendWindow(0) + delta > Integer.MAX_VALUE) return false;
    }
    return true;
  }
}
