package dev.headgate.jetty.client;

import dev.headgate.core.config.Http2Options;
import dev.headgate.jetty.http2.Backlog;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.KeptStream;
import dev.headgate.jetty.http2.PeerWindow;
import dev.headgate.jetty.http2.Sizes;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.http2.frames.PrefaceFrame;
import org.eclipse.jetty.http2.frames.PushPromiseFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.frames.WindowUpdateFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.Parser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The upstream side of a connection's frames: what Jetty's own session of this side does, without
 * the client around it (ADR 0011).
 */
final class Http2ClientSession extends HTTP2Session {
  /**
   * How many streams are opened before the upstream has said how many it takes (RFC 9113 6.5.2).
   */
  private static final int STREAMS_AT_FIRST = 100;

  private final Backlog backlog;
  private final Http2Options options;
  private final int maxHeadBytes;
  private final int maxListBytes;
  private final PeerWindow peerWindow = new PeerWindow();
  private volatile int peerListBytes = Integer.MAX_VALUE;
  private volatile boolean settled;

  Http2ClientSession(
      Scheduler scheduler,
      EndPoint endPoint,
      Parser parser,
      Generator generator,
      Session.Listener listener,
      FlowControlStrategy flowControl,
      Backlog backlog,
      Http2Options options,
      int maxHeadBytes,
      int maxListBytes) {
    super(scheduler, endPoint, parser, generator, listener, flowControl, 1);
    this.backlog = backlog;
    this.options = options;
    this.maxHeadBytes = maxHeadBytes;
    this.maxListBytes = maxListBytes;
    setMaxEncoderTableCapacity(Sizes.TABLE_BYTES);
    setMaxLocalStreams(STREAMS_AT_FIRST);
  }

  /** Returns how long a list of fields the upstream takes. */
  int peerListBytes() {
    return peerListBytes;
  }

  /** Whether the upstream has said what it can do. */
  boolean isSettled() {
    return settled;
  }

  /** Begins the connection. */
  void greet() {
    SettingsFrame settings =
        new SettingsFrame(
            Map.of(
                SettingsFrame.ENABLE_PUSH,
                0,
                SettingsFrame.INITIAL_WINDOW_SIZE,
                options.streamWindowBytes(),
                SettingsFrame.MAX_HEADER_LIST_SIZE,
                maxHeadBytes),
            false);
    int more = options.connectionWindowBytes() - FlowControlStrategy.DEFAULT_WINDOW_SIZE;
    updateRecvWindow(more);
    PrefaceFrame preface = new PrefaceFrame();
    List<Frame> frames =
        more == 0
            ? List.of(preface, settings)
            : List.of(preface, settings, new WindowUpdateFrame(0, more));
    frames(null, frames, Callback.NOOP);
    // What is a little over the limit fails its exchange rather than the connection.
    getParser().getHpackDecoder().setMaxHeaderListSize(maxListBytes);
  }

  @Override
  protected HTTP2Stream newStream(int streamId, MetaData.Request request, boolean local) {
    return new KeptStream(this, streamId, request, local);
  }

  /** Whether the upstream was given up, as it makes work and takes nothing. */
  private boolean isGivenUp(boolean tooMuch) {
    if (tooMuch) getEndPoint().close(); // it would not take a GOAWAY either
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
    Map<Integer, Integer> settings = frame.getSettings();
    Integer push = settings.get(SettingsFrame.ENABLE_PUSH);
    if (push != null && push != 0) {
      onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "invalid_settings_frame");
      return;
    }
    if (!peerWindow.take(this, frame)) {
      onConnectionFailure(ErrorCode.FLOW_CONTROL_ERROR.code, "invalid_initial_window");
      return;
    }
    Integer table = settings.get(SettingsFrame.HEADER_TABLE_SIZE);
    if (table != null) setMaxEncoderTableCapacity(Fields.tableCapacity(this, table));
    Integer size = settings.get(SettingsFrame.MAX_HEADER_LIST_SIZE);
    if (size != null) peerListBytes = Fields.listLimit(size);
    Integer connect = settings.get(SettingsFrame.ENABLE_CONNECT_PROTOCOL);
    if (connect != null) setConnectProtocolEnabled(connect == 1);
    settled = true;
    super.onSettings(frame);
  }

  @Override
  public void onHeaders(HeadersFrame frame) {
    super.onHeaders(frame);
    int streamId = frame.getStreamId();
    HTTP2Stream stream = getStream(streamId);
    if (stream != null) {
      if (frame.getMetaData().isRequest()) {
        onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "invalid_response");
      } else {
        stream.process(frame, Callback.NOOP);
      }
    } else if (!isClientStream(streamId) || !isLocalStreamClosed(streamId)) {
      onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "unexpected_headers_frame");
    }
  }

  @Override
  public void onPushPromise(PushPromiseFrame frame) {
    super.onPushPromise(frame);
    onConnectionFailure(ErrorCode.PROTOCOL_ERROR.code, "unexpected_push_promise_frame");
  }
}
