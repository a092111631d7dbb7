package dev.headgate.jetty.http2;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.ResetFrame;

/** A reset that this side decided on: it is no sign of a flood. */
public final class OwnReset extends ResetFrame {
  /**
   * Makes one.
   *
   * @param streamId the stream
   * @param code the error code of HTTP/2
   */
  public OwnReset(int streamId, int code) {
    super(streamId, code);
  }

  /**
   * Makes one.
   *
   * @param streamId the stream
   * @param code the error code of HTTP/2
   */
  public OwnReset(int streamId, ErrorCode code) {
    this(streamId, code.code);
  }
}
