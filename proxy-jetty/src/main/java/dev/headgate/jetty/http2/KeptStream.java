package dev.headgate.jetty.http2;

import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.FrameType;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;

/**
 * A stream that keeps what has come of it in full when it, or its connection, ends afterwards.
 * Jetty's own drops it with the connection.
 */
public final class KeptStream extends HTTP2Stream {
  /** A stream's listener that wants to know of data also while it asks for none. */
  public interface DataListener {
    /** Data came, and can be read. On the thread that parses. */
    void dataCame();
  }

  private volatile boolean whole;
  private volatile boolean ended;
  private volatile boolean failing;

  /**
   * Makes a stream.
   *
   * @param session whose it is
   * @param streamId its number
   * @param request what it asks
   * @param local whether this side began it
   */
  public KeptStream(HTTP2Session session, int streamId, MetaData.Request request, boolean local) {
    super(session, streamId, request, local);
  }

  /**
   * Returns whether an end that can be read is the peer's, also after a failure.
   *
   * @return whether all of the message had come before it
   */
  public boolean isWhole() {
    return whole;
  }

  /**
   * Returns whether the peer has ended its message; what came of it may have to be read yet.
   *
   * @return whether it has
   */
  public boolean hasEnded() {
    return ended || isLastDataReceived();
  }

  /**
   * Returns whether the stream's listener is told why it ends, after it was told that it does.
   *
   * @return whether a reset or a failure is being handed over
   */
  public boolean isFailing() {
    return failing;
  }

  /** What came where only an end may come. */
  public enum End {
    /** The end. */
    ENDED,
    /** Bytes of a body. */
    BYTES,
    /** Nothing so far. */
    NOTHING
  }

  /**
   * Reads the end of a message that has no body.
   *
   * @return what came
   */
  public End readEnd() {
    while (true) {
      Data data = readData();
      if (data == null) return End.NOTHING;
      int size = data.frame().remaining();
      boolean last = data.frame().isEndStream();
      data.release();
      if (size > 0) return End.BYTES;
      if (last) return End.ENDED;
    }
  }

  /** Drops what came and was not read. */
  public void drop() {
    while (true) {
      Data data = readData();
      if (data == null) return;
      boolean last = data.frame().isEndStream();
      data.release();
      if (last) return;
    }
  }

  @Override
  public void process(Frame frame, Callback callback) {
    FrameType type = frame.getType();
    // A stream that is closed by its trailers says so before it hands them over.
    if (frame instanceof HeadersFrame head && head.isEndStream()) ended = true;
    boolean ends = type == FrameType.RST_STREAM || type == FrameType.FAILURE;
    if (ends && isLastDataReceived()) {
      whole = true;
      if (type == FrameType.FAILURE && !isResetOrFailed()) {
        // What is written from now on fails by itself.
        callback.succeeded();
        return;
      }
    }
    failing = ends;
    super.process(frame, callback);
  }

  @Override
  public void process(Data data) {
    super.process(data);
    if (getListener() instanceof DataListener listener) listener.dataCame();
  }

  /** A session that ends resets its streams, and would drop what came of them. */
  @Override
  public void reset(ResetFrame frame, Callback callback) {
    if (whole && !(frame instanceof OwnReset)) {
      callback.succeeded();
    } else {
      super.reset(frame, callback);
    }
  }
}
