package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.jetty.http1.BrokenBodyException;
import dev.headgate.jetty.http2.KeptStream;
import dev.headgate.jetty.http2.OwnReset;
import dev.headgate.jetty.http2.Sizes;
import dev.headgate.jetty.http2.StreamBody;
import dev.headgate.jetty.http2.StreamResetException;
import java.io.EOFException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.RetryableStreamException;
import org.eclipse.jetty.http2.api.Stream;
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
final class Http2Transfer extends Http2Response {
  private final Http2RequestPump pump;
  private final boolean reused;
  private final long begunAt = NanoTime.now();

  // Guarded by this.
  private boolean released;

  Http2Transfer(Call call, Http2UpstreamConnection connection) {
    super(call, connection);
    this.reused = connection.isReused();
    this.pump = new Http2RequestPump(this, connection, request, extended);
  }

  @Override
  Http2RequestPump pump() {
    return pump;
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

  // --- the stream

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

  // --- ends of the response

  /** Ends both directions for a fault of the upstream's. */
  @Override
  void fail(UpstreamFault fault, ErrorCode code) {
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
  @Override
  void responseEnded() {
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

  @Override
  void giveUpRequest(Throwable reason) {
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
    boolean stale = reused && !hasInterims() && Retries.allow(request);
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
