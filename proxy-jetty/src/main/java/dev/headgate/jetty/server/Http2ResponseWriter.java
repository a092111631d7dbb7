package dev.headgate.jetty.server;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.jetty.http2.Fields;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes one response on a stream: head, first piece and end go out together where they are given
 * together. One write at a time, as the core gives them.
 */
final class Http2ResponseWriter implements Callback {
  private static final int CONTINUE = 100;

  private final Http2Session session;
  private final Http2Exchange exchange;
  private final HTTP2Stream stream;
  private final boolean head;

  /** Null where the client does not wait for 100 (Continue), as nearly always. */
  private final @Nullable Expectation expectation;

  // Of the write that is under way.
  private @Nullable Completion done;
  private @Nullable Content content;
  private @Nullable HeaderList trailers;
  private volatile boolean last;

  Http2ResponseWriter(
      Http2Session session,
      Http2Exchange exchange,
      HTTP2Stream stream,
      boolean head,
      boolean expectsContinue) {
    this.session = session;
    this.exchange = exchange;
    this.stream = stream;
    this.head = head;
    this.expectation = expectsContinue ? new Expectation(this::writeContinue) : null;
  }

  /** Whether the response's end was given: the stream's end is then expected. */
  boolean lastGiven() {
    return last;
  }

  // --- 100 (Continue)

  void sendContinue() {
    if (expectation != null) expectation.met();
  }

  private void writeContinue() {
    if (expectation != null) stream.headers(frame(CONTINUE, HttpFields.EMPTY, false), expectation);
  }

  // --- writes

  private HeadersFrame frame(int status, HttpFields fields, boolean ends) {
    MetaData.Response response =
        new MetaData.Response(status, null, HttpVersion.HTTP_2, fields, -1);
    return new HeadersFrame(stream.getId(), response, null, ends);
  }

  void interim(int status, HeaderList fields, Completion completion) {
    if (expectation == null) {
      interimNow(status, fields, completion);
    } else {
      expectation.interim(told -> interimNow(status, fields, told), completion);
    }
  }

  private void interimNow(int status, HeaderList fields, Completion completion) {
    if (refused(null, completion)) return;
    done = completion;
    if (tooLong(fields)) return;
    stream.headers(frame(status, Fields.write(fields), false), this);
  }

  void respond(
      int status,
      HeaderList fields,
      @Nullable Content first,
      boolean isLast,
      Completion completion) {
    if (expectation == null) {
      respondNow(status, fields, first, isLast, completion);
    } else {
      expectation.answer(() -> respondNow(status, fields, first, isLast, completion));
    }
  }

  private void respondNow(
      int status,
      HeaderList fields,
      @Nullable Content first,
      boolean isLast,
      Completion completion) {
    if (refused(first, completion)) return;
    done = completion;
    Content piece = first;
    boolean bodyless = head || status == 204 || status == 304;
    if (piece != null && (bodyless || !piece.buffer().hasRemaining())) {
      piece.release();
      piece = null;
    }
    content = piece;
    if (tooLong(fields)) return;
    last = isLast;
    session.sending(piece == null ? 1 : 2);
    HeadersFrame frame = frame(status, Fields.write(fields), isLast && piece == null);
    if (piece == null) {
      stream.headers(frame, this);
    } else {
      DataFrame data = new DataFrame(stream.getId(), piece.buffer(), isLast);
      stream.send(new HTTP2Stream.FrameList(frame, data, null), this);
    }
  }

  /** A head that the client does not take. */
  private boolean tooLong(HeaderList fields) {
    HpackEncoder encoder = session.getGenerator().getHpackEncoder();
    if (Fields.fits(encoder, fields, 0, session.peerListBytes())) return false;
    failed(new EofException("the client takes no head of this length"));
    return true;
  }

  void write(Content piece, boolean isLast, @Nullable HeaderList after, Completion completion) {
    if (refused(piece, completion)) return;
    done = completion;
    boolean empty = head || !piece.buffer().hasRemaining();
    boolean trailed = isLast && !head && after != null && after.size() > 0;
    if (empty) {
      piece.release();
    } else {
      content = piece;
    }
    last = isLast;
    if (!empty) session.sending(1);
    if (trailed && empty) {
      sendTrailers(after);
    } else {
      if (trailed) trailers = after;
      stream.data(
          new DataFrame(
              stream.getId(), empty ? BufferUtil.EMPTY_BUFFER : piece.buffer(), isLast && !trailed),
          this);
    }
  }

  private void sendTrailers(@Nullable HeaderList after) {
    if (after == null || tooLong(after)) return;
    MetaData fields = new MetaData(HttpVersion.HTTP_2, Fields.write(after), -1);
    stream.headers(new HeadersFrame(stream.getId(), fields, null, true), this);
  }

  private boolean refused(@Nullable Content piece, Completion completion) {
    if (!exchange.isOver()) return false;
    if (piece != null) piece.release();
    completion.failed(new EofException("the exchange is over"));
    return true;
  }

  // --- ends of writes

  @Override
  public void succeeded() {
    release();
    HeaderList next = trailers;
    if (next != null) {
      trailers = null;
      sendTrailers(next);
      return;
    }
    Completion told = done;
    done = null;
    if (told == null) return;
    if (!last || exchange.finish()) {
      told.succeeded();
    } else {
      told.failed(new EofException("the exchange was aborted"));
    }
  }

  @Override
  public void failed(Throwable reason) {
    release();
    Completion told = done;
    done = null;
    if (told != null) told.failed(reason);
    exchange.abort(reason);
  }

  private void release() {
    Content written = content;
    content = null;
    if (written != null) written.release();
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }
}
