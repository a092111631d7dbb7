package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.RawUri;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request on a stream. The next piece is read when the windows have let the last one go.
 */
final class Http2RequestPump extends UpstreamPump implements Callback, Promise<Stream> {
  private final Http2Transfer transfer;
  private final Http2UpstreamConnection connection;
  private final boolean extended;

  private boolean begun;
  private @Nullable Content content;
  private @Nullable HeaderList trailers;
  private volatile boolean bodyRead;

  Http2RequestPump(
      Http2Transfer transfer,
      Http2UpstreamConnection connection,
      UpstreamRequest request,
      boolean extended) {
    super(request);
    this.transfer = transfer;
    this.extended = extended;
    this.connection = connection;
  }

  /** Whether the request could be sent once more from its beginning. */
  boolean isReplayable() {
    return request.body() == null || !bodyRead;
  }

  @Override
  public void succeeded(@Nullable Stream stream) {
    succeeded();
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  protected void next() {
    BodySource body = request.body();
    if (body != null && mayProceed()) {
      read(body);
    } else if (!begun) {
      begin(body, null);
    }
  }

  @Override
  protected void nothingYet(BodySource body) {
    if (begun) {
      super.nothingYet(body);
    } else {
      begin(body, null);
    }
  }

  @Override
  protected void write(Content piece, boolean last) {
    bodyRead = true;
    BodySource body = request.body();
    if (begun) {
      send(piece, last, body);
    } else {
      begin(body, piece);
    }
  }

  @Override
  protected boolean taken(boolean last) {
    releaseSent();
    HeaderList after = trailers;
    trailers = null;
    if (after == null || stopped()) return true;
    sendTrailers(after);
    return false;
  }

  @Override
  protected void ended() {
    transfer.requestSent();
  }

  @Override
  protected void readFailed(Throwable reason) {
    bodyRead = true;
    transfer.requestBodyFailed(reason);
  }

  @Override
  protected void writeFailed(Throwable reason) {
    releaseSent();
    transfer.writeFailed(reason);
  }

  private void releaseSent() {
    Content sent = content;
    content = null;
    if (sent != null) sent.release();
  }

  private void begin(@Nullable BodySource body, @Nullable Content first) {
    begun = true;
    MetaData.Request head = head();
    if (head == null) {
      if (first != null) first.release();
      stop();
      transfer.headTooLong();
      return;
    }
    connection.sending(first == null ? 1 : 2);
    if (body == null) lastTaken(true);
    boolean empty = first == null || !first.buffer().hasRemaining();
    boolean last = first != null && first.last();
    if (first != null) {
      lastTaken(last);
      trailers = last && body != null ? body.trailers() : null;
      if (empty) {
        first.release();
      } else {
        content = first;
      }
    }
    writing(lastTaken());
    boolean ends = lastTaken() && trailers == null && !extended;
    // An empty body is a body: the head does not end the stream.
    HeadersFrame frame = new HeadersFrame(0, head, null, ends && first == null);
    if (first == null || (empty && !ends)) {
      connection.getSession().newStream(frame, this, transfer);
    } else {
      DataFrame data = new DataFrame(0, empty ? BufferUtil.EMPTY_BUFFER : first.buffer(), ends);
      connection
          .getSession()
          .newStream(new HTTP2Stream.FrameList(frame, data, null), this, transfer);
    }
  }

  private void send(Content piece, boolean last, @Nullable BodySource body) {
    HTTP2Stream stream = transfer.stream();
    if (stream == null) throw new IllegalStateException("no stream");
    HeaderList after = last && body != null ? body.trailers() : null;
    lastTaken(last);
    if (!last && !piece.buffer().hasRemaining()) {
      piece.release();
      goOn();
      return;
    }
    if (after != null && !piece.buffer().hasRemaining()) {
      piece.release();
      sendTrailers(after);
      return;
    }
    trailers = after;
    content = piece;
    writing(last);
    connection.sending(1);
    stream.data(new DataFrame(stream.getId(), piece.buffer(), last && after == null), this);
  }

  private void sendTrailers(HeaderList after) {
    HTTP2Stream stream = transfer.stream();
    if (stream == null) throw new IllegalStateException("no stream");
    writing(true);
    MetaData fields = new MetaData(HttpVersion.HTTP_2, Fields.write(after), -1);
    stream.headers(new HeadersFrame(stream.getId(), fields, null, true), this);
  }

  /** Returns the head; null when the upstream takes none of its length. */
  private MetaData.@Nullable Request head() {
    HeaderList headers = request.headers();
    String host = headers.get("Host");
    headers.drop("Host");
    String authority = host == null ? request.target().address().toString() : host;
    Http2ClientSession session = connection.getSession();
    boolean fits =
        Fields.fits(
            session.getGenerator().getHpackEncoder(),
            headers,
            authority.length() + request.pathAndQuery().length(),
            session.peerListBytes());
    // A second try starts from the same head.
    HttpFields fields = Fields.write(headers);
    headers.append("Host", authority);
    if (!fits) return null;
    String scheme = request.target().secure() ? "https" : "http";
    RawUri uri = new RawUri(scheme, authority, request.pathAndQuery());
    if (extended) return ExtendedConnect.head(uri, fields);
    return new MetaData.Request(request.method(), uri, HttpVersion.HTTP_2, fields, -1);
  }
}
