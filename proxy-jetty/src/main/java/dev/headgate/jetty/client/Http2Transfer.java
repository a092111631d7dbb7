package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.WebSocketKey;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http1.BrokenBodyException;
import dev.headgate.jetty.http2.Fields;
import dev.headgate.jetty.http2.KeptStream;
import dev.headgate.jetty.http2.OwnReset;
import dev.headgate.jetty.http2.Sizes;
import dev.headgate.jetty.http2.StreamBody;
import dev.headgate.jetty.http2.StreamResetException;
import java.io.EOFException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.RetryableStreamException;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on one stream. Both directions run at the same time. Nobody is told
 * anything under the lock.
 */
final class Http2Transfer
    implements Call.Running, Stream.Listener, StreamBody.Owner, KeptStream.DataListener {
  private static final int MAX_INTERIMS = 100;

  private final Call call;
  private final Http2UpstreamConnection connection;
  private final UpstreamRequest request;
  private final Http2RequestPump pump;
  private final boolean reused;
  private final boolean extended;
  private final long begunAt = NanoTime.now();

  /** Set before anything comes of the stream. */
  private volatile @Nullable KeptStream stream;

  /** Of the thread that parses. */
  private int interims;

  private boolean headCame;

  // Guarded by this.
  private boolean released;
  private boolean answered;
  private boolean responseEnded;
  private boolean requestSent;
  private @Nullable StreamBody body;
  private boolean tunnelled;
  private boolean over;
  private Scheduler.@Nullable Task endLimit;

  Http2Transfer(Call call, Http2UpstreamConnection connection) {
    this.call = call;
    this.connection = connection;
    this.request = call.request();
    this.reused = connection.isReused();
    this.extended = call.isExtended();
    this.pump = new Http2RequestPump(this, connection, request, extended);
  }

  /** Sends the request, or what can be sent at once of it. */
  void begin() {
    pump.run();
    if (!pump.mayProceed()) awaitContinue();
    KeptStream opened = stream;
    if (opened == null || connection.passesOver(opened.getId()) == Retries.Reason.NONE) return;
    // It was opened while a GOAWAY came in, and may have missed it.
    lostWithConnection(new RetryableStreamException());
    if (!opened.isResetOrFailed()) reset(ErrorCode.CANCEL_STREAM_ERROR);
  }

  private void awaitContinue() {
    call.awaitContinue(this, this::proceedUnasked);
    boolean unneeded;
    synchronized (this) {
      unneeded = over || answered || pump.mayProceed();
    }
    if (unneeded) call.endContinueWait(this);
  }

  /** The upstream says nothing at all: one that does not know the expectation waits, too. */
  private void proceedUnasked() {
    synchronized (this) {
      if (over || answered || !pump.allow()) return;
    }
    pump.goOn();
  }

  @Nullable KeptStream stream() {
    return stream;
  }

  // --- the stream

  @Override
  public void onNewStream(Stream opened) {
    stream = (KeptStream) opened;
  }

  @Override
  public void onClosed(Stream closed) {
    release();
    KeptStream open = stream;
    if (open == null || !open.isFailing()) {
      connectionLost(new EOFException("the stream was closed"));
    }
  }

  /** Gives the reservation back, once. */
  private void release() {
    Scheduler.Task unneeded;
    synchronized (this) {
      if (released) return;
      released = true;
      unneeded = endLimit;
    }
    if (unneeded != null) unneeded.cancel();
    connection.release();
  }

  private void reset(ErrorCode code) {
    KeptStream open = stream;
    if (open == null) {
      release();
    } else {
      Reset written = new Reset();
      open.reset(new OwnReset(open.getId(), code), written);
      written.await();
    }
  }

  /** A reset on its way; where it can't be written, nothing can on that connection. */
  private final class Reset implements Callback {
    // Guarded by this.
    private boolean done;
    private Scheduler.@Nullable Task limit;

    void await() {
      synchronized (this) {
        if (done) return; // as it is nearly always
        limit =
            connection
                .client()
                .scheduler()
                .schedule(this::stalled, Sizes.LINGER_NANOS, TimeUnit.NANOSECONDS);
      }
    }

    private void stalled() {
      connection.stalled();
      release();
    }

    @Override
    public void succeeded() {
      synchronized (this) {
        done = true;
        if (limit != null) limit.cancel();
      }
    }

    @Override
    public void failed(Throwable reason) {
      succeeded();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  // --- the response

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
        pump.proceed();
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
    if (!pump.mayProceed()) giveUpRequest(new EOFException("answered without 100 (Continue)"));
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

  private void malformed(String what) {
    fail(Faults.malformed(what, null), ErrorCode.PROTOCOL_ERROR);
  }

  /** Ends both directions for a fault of the upstream's. */
  private void fail(UpstreamFault fault, ErrorCode code) {
    boolean before;
    synchronized (this) {
      if (over) return;
      over = true;
      before = !answered;
    }
    Throwable reason = new BrokenBodyException(fault.detail());
    failBody(reason); // first of all: what a reset drops must not be taken for an end
    reset(code);
    giveUpRequest(reason);
    if (before) call.failed(this, fault, Retries.Reason.NONE);
  }

  /** The last of the response has been read. */
  private void responseEnded() {
    boolean cut;
    synchronized (this) {
      if (over) return;
      responseEnded = true;
      cut = !tunnelled && !requestSent && (extended || !pump.lastTaken());
      if (!cut && !requestSent) return;
      over = true;
    }
    if (!cut) return;
    reset(ErrorCode.CANCEL_STREAM_ERROR);
    giveUpRequest(new EOFException("answered before all of the request was sent"));
  }

  // --- what its body tells

  @Override
  public void wanted() {
    // Nothing waits for that.
  }

  @Override
  public void ended(StreamBody source) {
    responseEnded();
  }

  @Override
  public Throwable wrongLength() {
    BrokenBodyException reason = new BrokenBodyException("the response is not as long as it said");
    synchronized (this) {
      over = true;
    }
    reset(ErrorCode.PROTOCOL_ERROR);
    giveUpRequest(reason);
    return reason;
  }

  @Override
  public void abandoned(Throwable reason) {
    abort(reason);
  }

  // --- the request

  void requestSent() {
    call.requestSent();
    if (extended) return; // its stream stays open
    synchronized (this) {
      requestSent = true;
      if (responseEnded) over = true;
    }
  }

  /** The upstream does not take the head. */
  void headTooLong() {
    fail(
        Faults.malformed("The upstream takes no request head of this length.", null),
        ErrorCode.CANCEL_STREAM_ERROR);
  }

  /** The upstream takes no more: its stream's end tells why, or there was no stream. */
  void writeFailed(Throwable reason) {
    if (stream != null) {
      giveUpRequest(reason);
      return;
    }
    connection.leaveIfClosing();
    Retries.Reason again = again(Retries.Reason.PASSED_OVER);
    synchronized (this) {
      if (over) return;
      over = true;
    }
    if (again == Retries.Reason.NONE) giveUpRequest(reason);
    release();
    call.failed(this, Faults.reset(false, true, reason), again);
  }

  /** The request's body broke: the upstream must see that too. */
  void requestBodyFailed(Throwable reason) {
    boolean before;
    synchronized (this) {
      if (over) return;
      over = true;
      before = !answered;
    }
    failBody(reason);
    reset(ErrorCode.CANCEL_STREAM_ERROR);
    if (before) call.failed(this, Faults.requestBody(reason), Retries.Reason.NONE);
  }

  private void giveUpRequest(Throwable reason) {
    pump.stop();
    BodySource source = request.body();
    if (source != null && !pump.lastTaken()) source.abort(reason);
  }

  private void failBody(Throwable reason) {
    StreamBody received;
    synchronized (this) {
      received = body;
    }
    if (received != null) received.fail(reason);
  }

  // --- ends from outside

  @Override
  public void abort(Throwable reason) {
    synchronized (this) {
      if (over) return;
      over = true;
    }
    failBody(reason);
    // Its deadline, perhaps: further calls need not wait for the same.
    if (reason instanceof ProxyErrorException) connection.waitedInVain(begunAt);
    reset(ErrorCode.CANCEL_STREAM_ERROR);
    giveUpRequest(reason);
  }

  @Override
  public void onReset(Stream source, ResetFrame frame, Callback callback) {
    StreamResetException reason = new StreamResetException(frame.getError());
    if (((KeptStream) source).hasEnded()) {
      // A whole response, after which no more of the request is wanted.
      giveUpRequest(reason);
    } else {
      boolean refused = frame.getError() == ErrorCode.REFUSED_STREAM_ERROR.code;
      lost(reason, refused ? Retries.Reason.LOST : Retries.Reason.NONE, refused, false);
    }
    callback.succeeded();
  }

  @Override
  public void onFailure(
      Stream source, int error, String reason, Throwable failure, Callback callback) {
    if (failure instanceof HpackException.StreamException) {
      malformed("The upstream's response is malformed.");
    } else {
      lostWithConnection(failure);
    }
    callback.succeeded();
  }

  /** The stream ended, or its connection; what came of a whole response can still be read. */
  void connectionLost(Throwable cause) {
    KeptStream open = stream;
    if (open == null || !open.hasEnded()) lostWithConnection(cause);
  }

  private void lostWithConnection(Throwable cause) {
    KeptStream open = stream;
    Retries.Reason why = open == null ? Retries.Reason.NONE : connection.passesOver(open.getId());
    boolean unprocessed = why != Retries.Reason.NONE;
    boolean stale = reused && interims == 0 && Retries.allow(request);
    lost(cause, unprocessed || !stale ? why : Retries.Reason.LOST, unprocessed, true);
  }

  private void lost(
      Throwable cause, Retries.Reason why, boolean unprocessed, boolean withConnection) {
    boolean before;
    boolean sent;
    synchronized (this) {
      if (over) return;
      over = true;
      before = !answered;
      sent = requestSent;
    }
    Retries.Reason again = before ? again(why) : Retries.Reason.NONE;
    release();
    pump.stop();
    if (again == Retries.Reason.NONE) giveUpRequest(cause);
    if (!before) {
      failBody(cause);
      // A stream that ended without the end of its message keeps what came.
      KeptStream open = stream;
      if (open != null && !open.hasEnded()) open.drop();
    } else if (unprocessed || !withConnection) {
      call.failed(this, Faults.reset(sent, unprocessed, cause), again);
    } else {
      call.failed(this, Faults.aborted(sent, cause), again);
    }
  }

  private Retries.Reason again(Retries.Reason why) {
    return pump.isReplayable() && call.mayRetry(why) ? why : Retries.Reason.NONE;
  }
}
