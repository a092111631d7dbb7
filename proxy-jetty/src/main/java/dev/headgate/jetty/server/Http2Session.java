package dev.headgate.jetty.server;

import dev.headgate.core.config.Http2Options;
import dev.headgate.jetty.http2.Backlog;
import dev.headgate.jetty.http2.FieldDecoder;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.FloodGuard;
import dev.headgate.jetty.http2.PeerWindow;
import dev.headgate.jetty.http2.Sizes;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.CloseState;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.PushPromiseFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The listening side of a connection's frames: what Jetty's own session of this side does, without
 * the server around it (ADR 0011).
 */
final class Http2Session extends HTTP2Session {
  /** A session that fails says so by a GOAWAY, which a client may not take. */
  private static final class Failure implements Session.Listener {
    @Override
    public void onFailure(Session session, Throwable failure, Callback callback) {
      ((Http2Session) session).connection().endSoon();
      callback.succeeded();
    }
  }

  private final FloodGuard guard;
  private final Backlog backlog;
  private final Http2Options options;
  private final int maxHeadBytes;
  private final int maxListBytes;
  private final PeerWindow peerWindow = new PeerWindow();
  private @Nullable Http2Connection connection;
  private volatile int peerListBytes = Integer.MAX_VALUE;

  /**
   * Makes a session.
   *
   * @param guard told what is sent
   * @param backlog looked at when something comes
   * @param options what the client is told of streams and windows
   * @param maxHeadBytes which limit the client is told
   * @param maxListBytes which limit ends the connection; between the two a request is refused
   */
  Http2Session(
      Scheduler scheduler,
      EndPoint endPoint,
      ServerParser parser,
      Generator generator,
      FlowControlStrategy flowControl,
      FloodGuard guard,
      Backlog backlog,
      Http2Options options,
      int maxHeadBytes,
      int maxListBytes) {
    super(scheduler, endPoint, parser, generator, new Failure(), flowControl, 2);
    this.guard = guard;
    this.backlog = backlog;
    this.options = options;
    this.maxHeadBytes = maxHeadBytes;
    this.maxListBytes = maxListBytes;
    setMaxEncoderTableCapacity(Sizes.TABLE_BYTES);
  }

  void serve(Http2Connection served) {
    connection = served;
  }

  private Http2Connection connection() {
    Http2Connection served = connection;
    if (served == null) throw new IllegalStateException("no connection");
    return served;
  }

  /** That many frames of responses go out. */
  void sending(int frames) {
    guard.sent(frames);
  }

  /** Returns how long a list of fields the client takes. */
  int peerListBytes() {
    return peerListBytes;
  }

  /** The client's preface has come: it is answered with ours. */
  void greet() {
    SettingsFrame settings =
        new SettingsFrame(
            Map.of(
                SettingsFrame.ENABLE_CONNECT_PROTOCOL,
                1,
                SettingsFrame.MAX_CONCURRENT_STREAMS,
                options.maxStreams(),
                SettingsFrame.INITIAL_WINDOW_SIZE,
                options.streamWindowBytes(),
                SettingsFrame.MAX_HEADER_LIST_SIZE,
                maxHeadBytes),
            false);
    int more = options.connectionWindowBytes() - FlowControlStrategy.DEFAULT_WINDOW_SIZE;
    updateRecvWindow(more);
    List<Frame> frames =
        more == 0 ? List.of(settings) : List.of(settings, new WindowUpdateFrame(0, more));
    frames(null, frames, Callback.NOOP);
    // What is a little over the limit is answered with 431 rather than with the connection's end.
    getParser().getHpackDecoder().setMaxHeaderListSize(maxListBytes);
  }

  /** Whether the client was given up, as it makes work and takes nothing. */
  private boolean isGivenUp(boolean tooMuch) {
    if (tooMuch) connection().breakOff(); // it would not take a GOAWAY either
    return tooMuch;
  }

  @Override
  public void onPing(PingFrame frame) {
    if (!isGivenUp(backlog.isTooLong(this))) super.onPing(frame);
  }

  @Override
  public void onWindowUpdate(WindowUpdateFrame frame) {
    if (!isGivenUp(backlog.hasTooManyWindows(this))) super.onWindowUpdate(frame);
  }

  @Override
  public void onSettings(SettingsFrame frame) {
    if (isGivenUp(backlog.isTooLong(this))) return;
    if (!peerWindow.take(this, frame)) {
      onConnectionFailure(ErrorCode.FLOW_CONTROL_ERROR.code, "invalid_initial_window");
      return;
    }
    Integer table = frame.getSettings().get(SettingsFrame.HEADER_TABLE_SIZE);
    if (table != null) setMaxEncoderTableCapacity(Fields.tableCapacity(this, table));
    Integer size = frame.getSettings().get(SettingsFrame.MAX_HEADER_LIST_SIZE);
    if (size != null) peerListBytes = Fields.listLimit(size);
    super.onSettings(frame);
  }

  @Override
  public void onHeaders(HeadersFrame frame) {
    if (isGivenUp(backlog.isTooLong(this))) return;
    super.onHeaders(frame);
    int streamId = frame.getStreamId();
    if (!isClientStream(streamId)) {
      onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "invalid_stream_id");
      return;
    }
    HTTP2Stream stream = getStream(streamId);
    MetaData message = frame.getMetaData();
    if (stream != null) {
      trailers(stream, frame, message);
    } else if (isRemoteStreamClosed(streamId)) {
      late(frame, message);
    } else if (message instanceof MetaData.Request request) {
      request(streamId, frame, request);
    } else if (MetaData.Failed.getFailure(message) != null) {
      malformed(streamId, frame);
    } else {
      onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "invalid_request");
    }
  }

  private void trailers(HTTP2Stream stream, HeadersFrame frame, MetaData message) {
    if (stream.isRemotelyClosed()) {
      onStreamFailure(stream.getId(), ErrorCode.STREAM_CLOSED_ERROR.code, "closed_stream");
    } else if (message.isRequest() || message.isResponse()) {
      // A second head, or trailers with pseudo fields: malformed (RFC 9113 section 8.1).
      onStreamFailure(stream.getId(), ErrorCode.PROTOCOL_ERROR.code, "duplicate_head");
    } else {
      stream.process(frame, Callback.NOOP);
    }
  }

  /** What was under way when its stream ended on this side is ignored, but not without end. */
  private void late(HeadersFrame frame, MetaData message) {
    if (message.isRequest()) {
      onConnectionFailure(ErrorCode.STREAM_CLOSED_ERROR.code, "unexpected_headers_frame");
    } else if (!getParser().rateControlOnEvent(frame)) {
      onConnectionFailure(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "invalid_headers_frame_rate");
    }
  }

  private void request(int streamId, HeadersFrame frame, MetaData.Request request) {
    HTTP2Stream stream = createRemoteStream(streamId, request);
    if (stream == null) return;
    onStreamOpened(stream);
    Throwable failure = MetaData.Failed.getFailure(request);
    if (failure != null && FieldDecoder.INVALID_TARGET.equals(failure.getMessage())) {
      stream.updateClose(frame.isEndStream(), CloseState.Event.RECEIVED);
      connection().refuseTarget(stream, frame.isEndStream());
      return;
    }
    if (failure != null) {
      reset(stream, frame);
      return;
    }
    stream.process(frame, Callback.NOOP);
    stream.updateClose(frame.isEndStream(), CloseState.Event.RECEIVED);
    connection().begin(stream, request, frame.isEndStream());
  }

  /** What can't be read may well be no request, but is to be an error of its stream. */
  private void malformed(int streamId, HeadersFrame frame) {
    MetaData.Request none =
        new MetaData.Request("", HttpURI.from("/"), HttpVersion.HTTP_2, HttpFields.EMPTY);
    HTTP2Stream stream = createRemoteStream(streamId, none);
    if (stream == null) return;
    onStreamOpened(stream);
    reset(stream, frame);
  }

  private static void reset(HTTP2Stream stream, HeadersFrame frame) {
    stream.updateClose(frame.isEndStream(), CloseState.Event.RECEIVED);
    stream.reset(new ResetFrame(stream.getId(), ErrorCode.PROTOCOL_ERROR.code), Callback.NOOP);
  }

  /** Called when all is sent: a close at once could take the GOAWAY away from the client. */
  @Override
  public void disconnect() {
    if (isDisconnected()) return;
    connection().linger();
  }

  @Override
  public void onPushPromise(PushPromiseFrame frame) {
    super.onPushPromise(frame);
    onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "push_promise");
  }
}
