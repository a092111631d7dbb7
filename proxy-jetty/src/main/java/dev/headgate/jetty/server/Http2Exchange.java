package dev.headgate.jetty.server;

import dev.headgate.api.ClientInfo;
import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InspectedHandler;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.OwnReset;
import dev.headgate.jetty.http2.StreamBody;
import dev.headgate.jetty.http2.StreamEndPoint;
import dev.headgate.jetty.http2.StreamResetException;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request on a stream of HTTP/2 and the way to answer it. */
final class Http2Exchange implements InboundExchange, Stream.Listener, StreamBody.Owner {
  private static final int OK = 200;

  private final Http2Connection connection;
  private final HTTP2Stream stream;
  private final String method;
  private final String target;
  private final HeaderList headers;
  private final boolean extended;
  private final boolean asksProxy;
  private final boolean ended;
  private final @Nullable StreamBody body;
  private final Http2ResponseWriter writer;

  /** Whether no HTTP is spoken on the stream any more. */
  private volatile boolean tunnelled;

  /** What is spoken on a stream whose tunnel is looked into lies on this. */
  private volatile @Nullable StreamEndPoint inside;

  // Guarded by this.
  private boolean over;
  private boolean left;
  private @Nullable Throwable gone;
  private @Nullable Consumer<Throwable> onGone;

  Http2Exchange(
      Http2Connection connection,
      HTTP2Stream stream,
      String method,
      String target,
      HeaderList headers,
      boolean extended,
      boolean asksProxy,
      boolean ended,
      long length) {
    this.connection = connection;
    this.stream = stream;
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.extended = extended;
    this.asksProxy = asksProxy;
    this.ended = ended;
    // A CONNECT may end its direction at once: the tunnel is open in the other one.
    boolean carries = !ended || method.equals("CONNECT");
    this.body = carries ? new StreamBody(stream, extended ? -1 : length, this) : null;
    this.writer =
        new Http2ResponseWriter(
            connection.getSession(), this, stream, method.equals("HEAD"), expectsContinue());
  }

  private boolean expectsContinue() {
    return body != null && Expectation.isIn(headers);
  }

  // --- the request

  @Override
  public String method() {
    return method;
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_2;
  }

  @Override
  public String scheme() {
    return connection.client().tls() == null ? "http" : "https";
  }

  @Override
  public boolean upgradesStream() {
    return extended;
  }

  @Override
  public boolean asksProxy() {
    return asksProxy;
  }

  @Override
  public HeaderList headers() {
    return headers;
  }

  @Override
  public ClientInfo client() {
    return connection.client();
  }

  @Override
  public @Nullable BodySource body() {
    // What follows a CONNECT is not its body (RFC 9113 section 8.5).
    return extended || method.equals("CONNECT") ? null : body;
  }

  // --- what its stream tells

  @Override
  public void onDataAvailable(Stream source, boolean immediate) {
    if (body != null) body.available();
  }

  /** Trailers came. */
  @Override
  public void onHeaders(Stream source, HeadersFrame frame, Callback callback) {
    StreamBody receiver = body;
    HeaderList trailers = Fields.read(frame.getMetaData().getHttpFields());
    boolean legal =
        receiver != null
            && !tunnelled // which has nothing but DATA (RFC 9113 section 8.5)
            && frame.isEndStream()
            && trailers != null
            && Fields.size(trailers) <= connection.listener().options().maxHeaderBytes();
    if (!legal) {
      malformed();
      callback.failed(new EofException("malformed trailers"));
      return;
    }
    if (trailers != null && trailers.size() > 0 && receiver != null) receiver.trailers(trailers);
    callback.succeeded();
  }

  @Override
  public void onReset(Stream source, ResetFrame frame, Callback callback) {
    clientGone(new StreamResetException(frame.getError()));
    callback.succeeded();
  }

  @Override
  public void onFailure(
      Stream source, int error, String reason, Throwable failure, Callback callback) {
    // Jetty resets in all other cases.
    if (failure instanceof HpackException.StreamException) {
      malformed();
    } else {
      clientGone(failure);
    }
    callback.succeeded();
  }

  @Override
  public void onClosed(Stream source) {
    leave();
    if (!writer.lastGiven() || tunnelled) clientGone(new EofException("the stream was closed"));
  }

  /** The client broke the protocol inside this stream: a stream error (RFC 9113 section 8.1.1). */
  void malformed() {
    connection.fault(stream, org.eclipse.jetty.http2.ErrorCode.PROTOCOL_ERROR);
    clientGone(new EofException("malformed"));
  }

  @Override
  public void onClientGone(Consumer<Throwable> handler) {
    Throwable before;
    synchronized (this) {
      before = gone;
      if (before == null) onGone = handler;
    }
    if (before != null) handler.accept(before);
  }

  /** The stream or its connection ended. */
  void clientGone(Throwable reason) {
    Consumer<Throwable> handler;
    synchronized (this) {
      if (over || gone != null) return;
      gone = reason;
      // Who has the whole response may reset at once; whether it has, the last write will tell.
      handler = writer.lastGiven() ? null : onGone;
      onGone = null;
    }
    if (handler != null) handler.accept(reason);
    if (body != null) body.fail(reason);
    StreamEndPoint socket = inside;
    if (socket != null) socket.lost(reason);
  }

  // --- what its body tells

  @Override
  public void wanted() {
    writer.sendContinue();
  }

  @Override
  public void ended(StreamBody source) {
    // The stream knows.
  }

  @Override
  public Throwable wrongLength() {
    connection.fault(stream, org.eclipse.jetty.http2.ErrorCode.PROTOCOL_ERROR);
    return new ProxyErrorException(
        new ClientFault(
            ErrorCode.BAD_REQUEST,
            Phase.RECEIVE_REQUEST,
            "The request's body is not as long as its Content-Length.",
            null));
  }

  @Override
  public void abandoned(Throwable reason) {
    if (tunnelled) abort(reason);
    // What came of it stays until the response is complete: no more than one window.
  }

  // --- the response

  @Override
  public void interim(int status, HeaderList fields, Completion done) {
    writer.interim(status, fields, done);
  }

  @Override
  public void respond(
      int status, HeaderList fields, @Nullable Content first, boolean last, Completion done) {
    writer.respond(status, fields, first, last, done);
  }

  @Override
  public void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    writer.write(content, last, trailers, done);
  }

  /** Each direction ends by itself, and the stream with the later one. */
  @Override
  public Tunnel tunnel(int status, HeaderList fields, Completion done) {
    Tunnel opened = openTunnel();
    // A stream has no 101: it has been switched when the answer is 200 (RFC 8441 section 5).
    writer.respond(extended ? OK : status, fields, null, false, done);
    return opened;
  }

  private Http2ClientTunnel openTunnel() {
    StreamBody input = body;
    if (input == null) throw new UnsupportedOperationException("the client has ended its stream");
    synchronized (this) {
      onGone = null;
    }
    tunnelled = true;
    return new Http2ClientTunnel(this, input, writer);
  }

  @Override
  public boolean canInspect() {
    return method.equals("CONNECT") && !ended;
  }

  @Override
  public void inspect(
      HeaderList fields, SSLEngine engine, InspectedHandler handler, Completion done) {
    Http2ClientTunnel opened = openTunnel();
    writer.respond(
        OK,
        fields,
        null,
        false,
        new Completion() {
          @Override
          public void succeeded() {
            boolean late;
            synchronized (Http2Exchange.this) {
              late = over || gone != null;
            }
            if (late) {
              done.failed(new EofException("the exchange is over"));
              return;
            }
            done.succeeded();
            StreamEndPoint socket = opened.secure(connection, engine, handler);
            inside = socket;
            socket.onOpen();
            socket.getConnection().onOpen();
          }

          @Override
          public void failed(Throwable reason) {
            done.failed(reason);
          }
        });
  }

  /** All has been sent on a tunnel that was closed on this side. */
  void giveUpTunnel() {
    synchronized (this) {
      if (over) return;
      over = true;
    }
    if (body != null) body.fail(new EofException("closed"));
    giveUpRequest();
  }

  /** The response is out in full; returns false when the exchange was aborted before. */
  boolean finish() {
    synchronized (this) {
      if (over) return false;
      if (tunnelled) return true;
      over = true;
      onGone = null;
    }
    if (body != null) {
      body.fail(new IllegalStateException("the exchange is over"));
      giveUpRequest();
    }
    return true;
  }

  /** Ends the client's half of the stream: it need not send the rest (RFC 9113 section 8.1). */
  private void giveUpRequest() {
    while (!stream.isClosed() && stream.isLastDataReceived()) {
      Stream.Data data = stream.readData();
      if (data == null) break;
      data.release();
    }
    if (stream.isClosed()) return;
    stream.reset(
        new OwnReset(stream.getId(), org.eclipse.jetty.http2.ErrorCode.NO_ERROR), Callback.NOOP);
  }

  synchronized boolean isOver() {
    return over;
  }

  @Override
  public void abort(Throwable reason) {
    boolean open;
    synchronized (this) {
      if (over) return;
      over = true;
      onGone = null;
      open = gone == null;
    }
    if (open) {
      int code = StreamResetException.codeFor(reason, codeOfAbort());
      stream.reset(new OwnReset(stream.getId(), code), Callback.NOOP);
    }
    if (body != null) body.fail(reason);
    leave(); // the reset may never go out, where the client takes nothing
  }

  /** It keeps its connection from being idle no longer. */
  void leave() {
    synchronized (this) {
      if (left) return;
      left = true;
    }
    connection.closed();
  }

  /** What the breaking of a connection is told as (RFC 9113 section 8.5, RFC 8441 section 5). */
  private org.eclipse.jetty.http2.ErrorCode codeOfAbort() {
    if (!tunnelled) return org.eclipse.jetty.http2.ErrorCode.INTERNAL_ERROR;
    return extended
        ? org.eclipse.jetty.http2.ErrorCode.CANCEL_STREAM_ERROR
        : org.eclipse.jetty.http2.ErrorCode.HTTP_CONNECT_ERROR;
  }
}
