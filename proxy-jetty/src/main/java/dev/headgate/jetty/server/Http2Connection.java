package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.http.FieldSyntax;
import dev.headgate.core.http.HeaderList;
import dev.headgate.jetty.http2.Backlog;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.FloodGuard;
import dev.headgate.jetty.http2.HeapBuffers;
import dev.headgate.jetty.http2.Sizes;
import dev.headgate.jetty.io.Expiry;
import dev.headgate.jetty.io.RoundEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.generator.Generator;
import org.eclipse.jetty.http2.parser.ServerParser;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection of HTTP/2: makes an exchange of each stream. It is always read, as the
 * windows of the streams hold back bodies; so a client that goes away is seen at once.
 */
final class Http2Connection extends HTTP2Connection
    implements ServerParser.Listener, ServedConnection {
  /** How much longer than allowed a head may be and still be answered. */
  private static final int REFUSED_BYTES = 64 * 1024;

  private static final String WEBSOCKET = "websocket";
  private static final int DROP_BYTES = 4096;
  private static final int LINGER_BYTES = 1 << 20;
  private static final int FLOOD_BURST = 1000;
  private static final int FLOOD_PER_SECOND = 200;

  private final JettyListener listener;
  private final Http2Session session;
  private final ClientInfo client;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;
  private volatile boolean lingering;
  private volatile long expires = Expiry.NEVER;

  /** When the client must have ended the head, or the frame, that it has begun. */
  private volatile long wholeUntil = Expiry.NEVER;

  private Http2Connection(
      JettyListener listener, EndPoint endPoint, Http2Session session, ClientInfo client) {
    super(listener.pool(), listener.executor(), endPoint, session, Sizes.READ_BYTES);
    this.listener = listener;
    this.session = session;
    this.client = client;
    setUseInputDirectByteBuffers(true);
    setUseOutputDirectByteBuffers(true);
  }

  /**
   * Makes a connection, whose first bytes are the client's preface.
   *
   * @param endPoint its socket
   * @param listener whose it is
   * @param client who asks
   */
  static Http2Connection make(EndPoint endPoint, JettyListener listener, ClientInfo client) {
    int maxHeadBytes =
        listener.options().maxHeaderBytes() + listener.options().maxRequestLineBytes();
    int maxListBytes = maxHeadBytes + REFUSED_BYTES;
    FloodGuard guard = new FloodGuard(FLOOD_BURST, FLOOD_PER_SECOND);
    Http2Parser parser = new Http2Parser(new HeapBuffers(), maxListBytes, guard);
    Generator generator = new Generator(listener.pool());
    generator.getHpackEncoder().setMaxHeaderListSize(Sizes.HEAD_BYTES);
    generator.getHpackEncoder().setValidateEncoding(false); // the core's fields are checked
    EndPoint socket = new RoundEndPoint(endPoint);
    Http2Session session =
        new Http2Session(
            listener.scheduler(),
            socket,
            parser,
            generator,
            new BufferingFlowControlStrategy(Sizes.WINDOW_RATIO),
            guard,
            new Backlog(endPoint, listener.options().http2().maxStreams()),
            listener.options().http2(),
            maxHeadBytes,
            maxListBytes);
    Http2Connection connection = new Http2Connection(listener, socket, session, client);
    session.serve(connection);
    parser.serve(connection);
    return connection;
  }

  JettyListener listener() {
    return listener;
  }

  ClientInfo client() {
    return client;
  }

  @Override
  public Http2Session getSession() {
    return session;
  }

  // --- its life

  @Override
  public void onOpen() {
    super.onOpen();
    LifeCycle.start(session);
    if (!listener.opened(this)) {
      breakOff();
      return;
    }
    expireIn(listener.options().idleTimeout().toNanos());
    produce();
    // An end that came before it was opened has not been told.
    if (!getEndPoint().isOpen()) listener.closed(this);
  }

  @Override
  public void onPreface() {
    session.greet();
    if (listener.isStopping()) retire();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    expires = Expiry.NEVER;
    wholeUntil = Expiry.NEVER;
    listener.closed(this);
    Throwable reason = cause == null ? new EofException("closed") : cause;
    for (Stream stream : session.getStreams()) {
      if (stream.getListener() instanceof Http2Exchange exchange) exchange.clientGone(reason);
    }
    LifeCycle.stop(session);
  }

  @Override
  public void retire() {
    draining = true;
    session.goAway(GoAwayFrame.GRACEFUL, Callback.NOOP);
    if (open.get() == 0) expireIn(Sizes.LINGER_NANOS);
  }

  @Override
  public void breakOff() {
    getEndPoint().close();
  }

  /** Half-closes, and waits a little for the client to close; what it still sends is dropped. */
  void linger() {
    lingering = true;
    getEndPoint().shutdownOutput();
    expireIn(Sizes.LINGER_NANOS);
    new Dropper().succeeded();
  }

  /** Reads and drops. */
  private final class Dropper implements Callback {
    private final ByteBuffer dropped = BufferUtil.allocate(DROP_BYTES);
    private int left = LINGER_BYTES;

    @Override
    public void succeeded() {
      try {
        int filled = getEndPoint().fill(dropped);
        while (filled > 0 && left > 0) {
          left -= filled;
          BufferUtil.clear(dropped);
          filled = getEndPoint().fill(dropped);
        }
        // Where somebody waits already, the deadline ends it.
        if (filled == 0) {
          getEndPoint().tryFillInterested(this);
        } else {
          breakOff();
        }
      } catch (IOException e) {
        breakOff();
      }
    }

    @Override
    public void failed(Throwable reason) {
      breakOff();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  // --- exchanges

  /** A request's head has come. */
  void begin(HTTP2Stream stream, MetaData.Request request, boolean ended) {
    if (open.getAndIncrement() == 0) expires = Expiry.NEVER;
    HttpURI uri = request.getHttpURI();
    String authority = uri.getAuthority();
    HeaderList headers = Fields.readRequest(request.getHttpFields(), authority);
    String protocol = request.getProtocol();
    String target = target(request, uri);
    long length = headers == null ? -1 : Fields.contentLength(headers);
    boolean malformed =
        headers == null
            || length < -1
            || (ended && length > 0)
            || !FieldSyntax.isToken(request.getMethod())
            || (protocol != null && !isWhole(uri));
    if (protocol != null && headers != null) ask(headers, protocol);
    Http2Exchange exchange =
        new Http2Exchange(
            this,
            stream,
            protocol == null ? request.getMethod() : "GET",
            target,
            headers == null ? new HeaderList() : headers,
            protocol != null,
            client.tls() != null && "http".equalsIgnoreCase(uri.getScheme()),
            ended,
            length);
    stream.setListener(exchange);
    if (malformed) {
      exchange.malformed();
    } else if (target.length() > listener.options().maxRequestLineBytes()) {
      reject(
          exchange,
          ErrorCode.URI_TOO_LONG,
          "The request target is over the limit of "
              + listener.options().maxRequestLineBytes()
              + " bytes.");
    } else if (headers != null && Fields.size(headers) > listener.options().maxHeaderBytes()) {
      reject(
          exchange,
          ErrorCode.FIELDS_TOO_LARGE,
          "The request's fields are over the limit of "
              + listener.options().maxHeaderBytes()
              + " bytes.");
    } else if (protocol != null && !protocol.equalsIgnoreCase(WEBSOCKET)) {
      reject(exchange, ErrorCode.NOT_IMPLEMENTED, "The protocol is not implemented.");
    } else if (protocol != null && ended) {
      reject(exchange, ErrorCode.BAD_REQUEST, "The client ended what it asked to be a tunnel.");
    } else {
      listener.handler().handle(exchange);
    }
  }

  /**
   * An extended CONNECT has all pseudo fields of other requests (RFC 8441 section 4); Jetty's
   * decoder has seen to the scheme and to a path.
   */
  private static boolean isWhole(HttpURI uri) {
    String path = uri.getPathQuery();
    return uri.getAuthority() != null && path != null && !path.isEmpty();
  }

  /** Tells an extended CONNECT as HTTP/1.1 would have it; the core makes the key. */
  private static void ask(HeaderList headers, String protocol) {
    headers.drop("Content-Length");
    headers.drop("Expect");
    headers.drop("Sec-WebSocket-Key");
    headers.append("Connection", "Upgrade");
    headers.append("Upgrade", protocol);
  }

  /** A request whose target is none: told as in HTTP/1.1. */
  void refuseTarget(HTTP2Stream stream, boolean ended) {
    if (open.getAndIncrement() == 0) expires = Expiry.NEVER;
    Http2Exchange exchange =
        new Http2Exchange(this, stream, "GET", "", new HeaderList(), false, false, ended, -1);
    stream.setListener(exchange);
    reject(exchange, ErrorCode.BAD_REQUEST, "The request target is malformed.");
  }

  private static String target(MetaData.Request request, HttpURI uri) {
    boolean connect = request instanceof MetaData.ConnectRequest && request.getProtocol() == null;
    if (connect) return String.valueOf(uri.getAuthority());
    String path = uri.getPathQuery();
    // The core refuses it; what Jetty cut off must not go unseen.
    return uri.getFragment() == null ? path : path + "#" + uri.getFragment();
  }

  private void reject(Http2Exchange exchange, ErrorCode code, String detail) {
    DirectResponse response = listener.handler().reject(code, detail);
    RejectedResponse.send(exchange, response);
    exchange.leave(); // nobody waits for it with a limit
  }

  /** A stream has ended, in whatever way, or there is only its reset to be written. */
  void closed() {
    if (open.decrementAndGet() > 0 || lingering) return;
    expireIn(draining ? Sizes.LINGER_NANOS : listener.options().idleTimeout().toNanos());
  }

  /** Resets a stream for what its client did. */
  void fault(HTTP2Stream stream, org.eclipse.jetty.http2.ErrorCode code) {
    stream.reset(new ResetFrame(stream.getId(), code.code), Callback.NOOP);
  }

  // --- timeouts

  private void expireIn(long nanos) {
    expires = Expiry.in(nanos);
    listener.timeouts().schedule(this);
  }

  /** The client has begun a head or a frame, and is to end it in time. */
  void begun() {
    wholeUntil = Expiry.in(listener.options().headTimeout().toNanos());
    listener.timeouts().schedule(this);
  }

  /** The client has ended what it had begun. */
  void whole() {
    wholeUntil = Expiry.NEVER;
  }

  @Override
  public long getExpireNanoTime() {
    long first = wholeUntil;
    long second = expires;
    if (first == Expiry.NEVER) return second;
    return second == Expiry.NEVER || NanoTime.isBefore(first, second) ? first : second;
  }

  @Override
  public void expired() {
    if (Expiry.isOver(wholeUntil)) {
      cutOff();
      return;
    }
    if (!Expiry.isOver(expires)) return;
    expires = Expiry.NEVER;
    if (!lingering && open.get() > 0) return;
    if (draining || lingering) {
      breakOff();
    } else {
      retire();
    }
  }

  /** Its session has failed: a client that does not take the GOAWAY either holds nothing up. */
  void endSoon() {
    if (lingering) return;
    lingering = true;
    expireIn(Sizes.LINGER_NANOS);
  }

  /** Nothing can be read behind what does not end: the streams end with the connection. */
  private void cutOff() {
    wholeUntil = Expiry.NEVER;
    if (lingering) return;
    endSoon();
    onConnectionFailure(org.eclipse.jetty.http2.ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too_slow");
  }
}
