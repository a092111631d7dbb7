package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.KeptStream;
import dev.headgate.jetty.http2.Sizes;
import dev.headgate.jetty.http2.StreamBody;
import java.io.EOFException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The response of a transfer: takes what comes on its stream, in the order in which it may come.
 * The base of the transfer, so that one costs no further object.
 */
abstract class Http2Response
    implements Call.Running, Stream.Listener, StreamBody.Owner, KeptStream.DataListener {
  private static final int MAX_INTERIMS = 100;

  final Call call;
  final Http2UpstreamConnection connection;
  final UpstreamRequest request;
  final boolean extended;

  /** Set before anything comes of the stream. */
  volatile @Nullable KeptStream stream;

  /** Of the thread that parses. */
  private int interims;

  private boolean headCame;

  // Guarded by this.
  boolean answered;
  boolean responseEnded;
  boolean requestSent;
  @Nullable StreamBody body;
  boolean tunnelled;
  boolean over;
  Scheduler.@Nullable Task endLimit;

  Http2Response(Call call, Http2UpstreamConnection connection) {
    this.call = call;
    this.connection = connection;
    this.request = call.request();
    this.extended = call.isExtended();
  }

  @Nullable KeptStream stream() {
    return stream;
  }

  @Override
  public void onNewStream(Stream opened) {
    stream = (KeptStream) opened;
  }

  /** Ends both directions for a fault of the upstream's. */
  abstract void fail(UpstreamFault fault, ErrorCode code);

  /** Whether something came before a final head. Of the thread that parses. */
  final boolean hasInterims() {
    return interims > 0;
  }

  /** What sends the request. */
  abstract Http2RequestPump pump();

  /** The last of the response has been read. */
  abstract void responseEnded();

  /** Nobody will read the request's body. */
  abstract void giveUpRequest(Throwable reason);

  @Override
  public void onHeaders(Stream source, HeadersFrame frame, Callback callback) {
    if (frame.getMetaData() instanceof MetaData.Response response) {
      if (response.getStatus() < 200) {
        interim(response, frame.isEndStream());
      } else {
        head(response, frame.isEndStream());
      }
    } else {
      trailers(frame);
    }
    callback.succeeded();
  }

  private void interim(MetaData.Response response, boolean ends) {
    HeaderList headers = Fields.read(response.getHttpFields());
    boolean late;
    synchronized (this) {
      late = answered;
    }
    if (headers == null || ends || late || response.getStatus() == 101) {
      malformed("The upstream's response is malformed.");
    } else if (++interims > MAX_INTERIMS) {
      malformed("The upstream sent too many interim responses.");
    } else {
      if (response.getStatus() == 100) {
        call.endContinueWait(this);
        pump().proceed();
      }
      call.interim(response.getStatus(), headers);
    }
  }

  private void head(MetaData.Response response, boolean ends) {
    headCame = true;
    int status = response.getStatus();
    HeaderList headers = Fields.read(response.getHttpFields());
    long length = headers == null ? -2 : Fields.contentLength(headers);
    boolean bodyless = request.method().equals("HEAD") || status == 204 || status == 304;
    if (headers == null || length < -1 || (ends && !bodyless && length > 0) || status > 999) {
      malformed("The upstream's response is malformed.");
      return;
    }
    int limit = connection.client().options().maxResponseHeadBytes();
    if (Fields.size(headers) > limit) {
      fail(Faults.headTooLarge(limit), ErrorCode.CANCEL_STREAM_ERROR);
      return;
    }
    KeptStream source = stream;
    // Jetty takes no other status than 200 for the beginning of a tunnel.
    if (extended && source != null && status == 200) {
      switched(headers, source);
      return;
    }
    StreamBody received = bodyless || source == null ? null : new StreamBody(source, length, this);
    boolean again;
    synchronized (this) {
      if (over) return;
      again = answered;
      answered = true;
      if (!again) body = received;
    }
    if (again) {
      malformed("The upstream's response is malformed.");
      return;
    }
    call.endContinueWait(this);
    if (!pump().mayProceed()) giveUpRequest(new EOFException("answered without 100 (Continue)"));
    call.response(status, headers, received);
    if (received == null) {
      if (ends) {
        responseEnded();
      } else if (source != null) {
        endInTime(source);
      }
    }
  }

  /**
   * No exchange waits for the end behind a response without a body, so it has a time of its own.
   */
  private void endInTime(KeptStream source) {
    Scheduler.Task limit =
        connection
            .client()
            .scheduler()
            .schedule(
                () -> abort(new EOFException("a response without a body did not end")),
                Sizes.LINGER_NANOS,
                TimeUnit.NANOSECONDS);
    boolean unneeded;
    synchronized (this) {
      unneeded = over || responseEnded;
      if (!unneeded) endLimit = limit;
    }
    if (unneeded) limit.cancel();
    source.demand();
  }

  /** The upstream took an extended CONNECT: the stream is a tunnel (RFC 8441 section 5). */
  private void switched(HeaderList headers, KeptStream source) {
    StreamBody received = new StreamBody(source, -1, this);
    boolean again;
    synchronized (this) {
      if (over) return;
      again = answered;
      answered = true;
      tunnelled = !again;
      if (!again) body = received;
    }
    if (again) {
      malformed("The upstream's response is malformed.");
      return;
    }
    String key = request.headers().get(WebSocketKey.KEY);
    call.tunnel(
        101, ExtendedConnect.switched(headers, key), new Http2Tunnel(this, source, received));
  }

  /** The tunnel's direction to the upstream has ended. */
  void outputEnded() {
    synchronized (this) {
      requestSent = true;
      if (responseEnded) over = true;
    }
  }

  private void trailers(HeadersFrame frame) {
    HeaderList fields = Fields.read(frame.getMetaData().getHttpFields());
    int limit = connection.client().options().maxResponseHeadBytes();
    StreamBody received;
    boolean legal;
    synchronized (this) {
      legal = answered && !tunnelled && frame.isEndStream();
      legal &= fields != null && Fields.size(fields) <= limit;
      received = body;
    }
    if (!legal || fields == null) {
      malformed("The upstream's trailers are malformed.");
    } else if (received != null && fields.size() > 0) {
      received.trailers(fields);
    }
  }

  /** Nobody asks for a body before a head, so that one would not be seen. */
  @Override
  public void dataCame() {
    if (!headCame) malformed("The upstream's response is malformed.");
  }

  @Override
  public void onDataAvailable(Stream source, boolean immediate) {
    StreamBody received;
    boolean legal;
    synchronized (this) {
      received = body;
      legal = answered;
    }
    if (received != null) {
      received.available();
    } else if (legal) {
      dropEnd((KeptStream) source);
    }
  }

  /** Reads the end behind a response that has no body. */
  private void dropEnd(KeptStream source) {
    switch (source.readEnd()) {
      case ENDED -> responseEnded();
      case BYTES -> malformed("The upstream's response has a body where there is none.");
      case NOTHING -> source.demand();
    }
  }

  final void malformed(String what) {
    fail(Faults.malformed(what, null), ErrorCode.PROTOCOL_ERROR);
  }
}
