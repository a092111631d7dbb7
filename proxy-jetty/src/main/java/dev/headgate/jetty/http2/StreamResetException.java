package dev.headgate.jetty.http2;

import java.io.IOException;
import org.eclipse.jetty.http2.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The peer reset a stream, or its connection ended. Without a stack trace. */
public final class StreamResetException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_CAUSES = 8;

  private final int code;

  /**
   * Makes one.
   *
   * @param code the error code of HTTP/2 (RFC 9113 section 7)
   */
  public StreamResetException(int code) {
    super("the stream was reset: " + ErrorCode.toString(code, Integer.toHexString(code)));
    this.code = code;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /**
   * Returns the code.
   *
   * @return the error code of HTTP/2
   */
  public int code() {
    return code;
  }

  /**
   * Returns with which code an abort is to be told to the peer: one who cancelled is told so, all
   * else is an error of ours or of those behind us.
   *
   * @param reason why it is aborted
   * @param otherwise the code for all reasons but a cancellation
   * @return the code
   */
  public static int codeFor(@Nullable Throwable reason, ErrorCode otherwise) {
    Throwable cause = reason;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause instanceof StreamResetException reset
          && reset.code == ErrorCode.CANCEL_STREAM_ERROR.code) {
        return reset.code;
      }
      cause = cause.getCause();
    }
    return otherwise.code;
  }
}
