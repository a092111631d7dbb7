package dev.headgate.jetty.client;

import dev.headgate.jetty.http2.Backlog;
import dev.headgate.jetty.http2.FloodGuard;
import dev.headgate.jetty.http2.HeapBuffers;
import dev.headgate.jetty.http2.Sizes;
import dev.headgate.jetty.io.Expiry;
import dev.headgate.jetty.io.RoundEndPoint;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2 to an upstream, whose streams serve many calls at once. A call reserves
 * a stream before it opens one.
 */
final class Http2UpstreamConnection extends HTTP2Connection implements PooledConnection {
  /** How much longer than allowed a head may be and fail its exchange only. */
  private static final int REFUSED_BYTES = 64 * 1024;

  private static final int FLOOD_BURST = 10_000;
  private static final int FLOOD_PER_SECOND = 1000;

  private final JettyClient client;
  private final ConnectAttempt attempt;
  private final Http2ClientSession session;
  private final FloodGuard guard;
  private final Http2ResponseParser parser;

  // Guarded by this.
  private int reserved;
  private boolean leaving;
  private boolean stalled;
  private boolean served;

  private volatile long expires = Expiry.NEVER;

  /** What a GOAWAY said: the last stream that is processed, and whether it is an error. */
  private volatile boolean peaceful;

  private volatile int lastStream = Integer.MAX_VALUE;

  private Http2UpstreamConnection(
      EndPoint endPoint,
      JettyClient client,
      ConnectAttempt attempt,
      Http2ClientSession session,
      FloodGuard guard,
      Http2ResponseParser parser) {
    super(client.buffers(), client.executor(), endPoint, session, Sizes.READ_BYTES);
    this.client = client;
    this.attempt = attempt;
    this.session = session;
    this.guard = guard;
    this.parser = parser;
    setUseInputDirectByteBuffers(true);
    setUseOutputDirectByteBuffers(true);
  }

  static Http2UpstreamConnection make(
      EndPoint endPoint, JettyClient client, ConnectAttempt attempt) {
    int maxHeadBytes = client.options().maxResponseHeadBytes();
    int maxListBytes = maxHeadBytes + REFUSED_BYTES;
    FloodGuard guard = new FloodGuard(FLOOD_BURST, FLOOD_PER_SECOND);
    Http2ResponseParser parser = new Http2ResponseParser(new HeapBuffers(), maxListBytes, guard);
    Generator generator = new Generator(client.buffers());
    generator.getHpackEncoder().setMaxHeaderListSize(Sizes.HEAD_BYTES);
    generator.getHpackEncoder().setValidateEncoding(false); // the core's fields are checked
    Http2UpstreamConnection[] made = new Http2UpstreamConnection[1];
    Session.Listener listener =
        new Session.Listener() {
          @Override
          public void onSettings(Session session, SettingsFrame frame) {
            made[0].settled();
          }

          @Override
          public void onGoAway(Session session, GoAwayFrame frame) {
            made[0].goneAway(frame);
          }

          @Override
          public void onFailure(Session session, Throwable failure, Callback callback) {
            made[0].leave();
            callback.succeeded();
          }
        };
    EndPoint socket = new RoundEndPoint(endPoint);
    Http2ClientSession session =
        new Http2ClientSession(
            client.scheduler(),
            socket,
            parser,
            generator,
            listener,
            new BufferingFlowControlStrategy(Sizes.WINDOW_RATIO),
            new Backlog(endPoint, client.options().http2().maxStreams()),
            client.options().http2(),
            maxHeadBytes,
            maxListBytes);
    made[0] = new Http2UpstreamConnection(socket, client, attempt, session, guard, parser);
    parser.init(made[0]);
    return made[0];
  }

  JettyClient client() {
    return client;
  }

  @Override
  public Http2ClientSession getSession() {
    return session;
  }

  // --- its life

  @Override
  public void onOpen() {
    super.onOpen();
    client.opened(this);
    LifeCycle.start(session);
    session.greet();
    attempt.opened(this);
    produce();
    if (!getEndPoint().isOpen()) lost(new EofException("closed"));
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    lost(cause == null ? new EofException("closed") : cause);
    LifeCycle.stop(session);
  }

  private void lost(Throwable cause) {
    leave();
    expires = Expiry.NEVER;
    if (client.closed(this)) {
      if (attempt.isOpened()) {
        attempt.pool().closed(this);
      } else {
        attempt.tlsFailed(cause);
      }
    }
    for (Stream stream : session.getStreams()) {
      if (stream.getListener() instanceof Http2Transfer transfer) transfer.connectionLost(cause);
    }
  }

  @Override
  public void discard() {
    getEndPoint().close();
    lost(new EofException("closed"));
  }

  /** No further stream is opened here. */
  private void leave() {
    synchronized (this) {
      if (leaving) return;
      leaving = true;
    }
    attempt.pool().left(this);
  }

  /** Told before the streams that it concerns. */
  private void goneAway(GoAwayFrame frame) {
    peaceful = frame.getError() == ErrorCode.NO_ERROR.code;
    lastStream = Math.min(lastStream, frame.getLastStreamId());
    leave();
  }

  /**
   * Whether the upstream said that it does not process a stream (RFC 9113 section 6.8). Only from
   * one that finds no fault with it is more than a second try due.
   */
  Retries.Reason passesOver(int streamId) {
    if (streamId <= lastStream) return Retries.Reason.NONE;
    return peaceful ? Retries.Reason.PASSED_OVER : Retries.Reason.LOST;
  }

  /** A stream could not be opened: where that is for good, no other call is to try. */
  void leaveIfClosing() {
    if (session.isClosed()) leave();
  }

  /** A call waited in vain: where nothing at all came for half of it, the upstream may be gone. */
  void waitedInVain(long sinceNanoTime) {
    long half = NanoTime.since(sinceNanoTime) / 2;
    if (!parser.hasReadSince(sinceNanoTime + half)) leave();
  }

  /** The upstream takes nothing any more: not even the end of a stream can be written. */
  void stalled() {
    synchronized (this) {
      stalled = true;
    }
    leave();
  }

  // --- streams

  /** That many frames of requests go out. */
  void sending(int frames) {
    guard.sent(frames);
  }

  /** Whether a call was served here before. */
  synchronized boolean isReused() {
    return served;
  }

  /** Reserves a stream; false when there is none to be had. */
  synchronized boolean reserve() {
    int theirs = session.getMaxLocalStreams();
    int ours = client.options().http2().maxStreams();
    if (leaving || reserved >= (theirs < 0 ? ours : Math.min(theirs, ours))) return false;
    reserved++;
    expires = Expiry.NEVER;
    return true;
  }

  /** A stream that was reserved has ended, or is not used. */
  void release() {
    boolean idle;
    boolean useless;
    synchronized (this) {
      served = true;
      reserved--;
      idle = reserved == 0;
      useless = idle && stalled;
      if (idle) {
        long unused = client.options().idleConnectionTimeout().toNanos();
        expires = Expiry.in(leaving ? Math.min(unused, Sizes.LINGER_NANOS) : unused);
      }
    }
    if (useless) {
      discard();
      return;
    }
    if (idle) client.timeouts().schedule(this);
    attempt.pool().roomier(this);
  }

  private void settled() {
    attempt.pool().settled(this);
  }

  /** Whether the upstream has said whether it takes an extended CONNECT. */
  boolean isSettled() {
    return session.isSettled();
  }

  /** Whether a call can be served on a stream, so far as is known. */
  boolean serves(Call call) {
    return !call.isExtended() || (session.isSettled() && session.isConnectProtocolEnabled());
  }

  /** Whether the upstream has said that it takes no extended CONNECT. */
  boolean lacksExtendedConnect() {
    return session.isSettled() && !session.isConnectProtocolEnabled();
  }

  @Override
  public long getExpireNanoTime() {
    return expires;
  }

  @Override
  public void expired() {
    synchronized (this) {
      if (reserved > 0 || !Expiry.isOver(expires)) return;
      expires = Expiry.NEVER;
    }
    leave();
    session.close(
        ErrorCode.NO_ERROR.code, "idle", Callback.from(this::discard, failure -> discard()));
  }
}
