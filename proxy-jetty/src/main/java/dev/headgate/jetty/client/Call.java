package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: waits for a connection, then runs a {@link Transfer} on it. A request
 * that a pooled connection lost without a byte of an answer is sent again, on another connection,
 * if {@link Retries} allow it. Thread-safe.
 */
final class Call extends CallEvents implements UpstreamCall {
  /** What became of a connection that was offered. */
  enum Assignment {
    /** The call uses it. */
    TAKEN,
    /** The call is over, or needed to know no more than that it is there; it is still good. */
    UNWANTED,
    /** The connection is closed; the call needs another. */
    DEAD
  }

  /**
   * How long a body waits for 100 (Continue): a client must not wait for ever, as an upstream need
   * not know the expectation (RFC 9110 section 10.1.1). Longer than most clients would by
   * themselves, as what they send then is at hand already.
   */
  private static final long CONTINUE_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A request that has a connection. */
  interface Running {
    /** Breaks off, unless both directions have ended. */
    void abort(Throwable reason);
  }

  private final JettyClient client;
  private final UpstreamRequest request;
  private final boolean reachesOnly;
  private final boolean extended;

  private volatile @Nullable TargetPool pool;
  private volatile Destination destination;

  // Guarded by this.
  private boolean over;
  private boolean told;
  private @Nullable Retries retries; // most calls need none
  private boolean connecting = true;
  private @Nullable ConnectAttempt attempt;
  private @Nullable Running transfer;

  /** Of the connecting, and then of the wait for 100 (Continue). */
  private Scheduler.@Nullable Task timer;

  Call(JettyClient client, UpstreamRequest request, UpstreamListener listener) {
    super(listener);
    this.client = client;
    this.request = request;
    this.destination = request.destination();
    this.extended = ExtendedConnect.may(request);
    this.reachesOnly =
        request.method().equals("CONNECT")
            && request.destination().protocol() != Destination.Protocol.TUNNEL;
  }

  UpstreamRequest request() {
    return request;
  }

  synchronized boolean isOver() {
    return over;
  }

  /** Whether nothing is sent: a connection is to be there, for whoever needs it. */
  boolean reachesOnly() {
    return reachesOnly;
  }

  /** Whether it would be an extended CONNECT on a stream. */
  boolean isExtended() {
    return extended;
  }

  // --- a connection

  void start(boolean fresh) {
    acquire(fresh);
    startTimer();
  }

  private void startTimer() {
    synchronized (this) {
      if (over || !connecting || transfer != null || timer != null) return;
      timer =
          client
              .scheduler()
              .schedule(this::connectTimedOut, request.connectTimeoutNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void acquire(boolean fresh) {
    while (true) {
      TargetPool found = client.pool(destination);
      pool = found;
      if (found.acquire(this, fresh)) return;
      client.forget(found);
    }
  }

  /** There is a connection, which has to say what it can do: that belongs to its opening. */
  void awaitSettings() {
    synchronized (this) {
      attempt = null;
      connecting = true;
    }
    startTimer();
  }

  /** The upstream's HTTP/2 does not do; HTTP/1.1 does where that may be spoken. */
  void fallBack() {
    if (destination.protocol() == Destination.Protocol.HTTP_2) {
      fail(Faults.noExtendedConnect());
      return;
    }
    synchronized (this) {
      if (over) return;
      destination = JettyClient.http1(destination);
      connecting = true;
      attempt = null;
    }
    start(false);
  }

  /** A connection that got free turned out to be dead. */
  void acquireAgain() {
    acquire(false);
  }

  private void leavePool() {
    TargetPool left = pool;
    if (left != null) left.leave(this);
  }

  /** A connection is to be opened for this call. */
  void connect(ConnectAttempt opening) {
    boolean unwanted;
    synchronized (this) {
      unwanted = over;
      if (!over) attempt = opening;
    }
    if (unwanted) {
      opening.cancel();
    } else {
      opening.start();
    }
  }

  /**
   * Says whether a connection is still being opened or waited for; with TLS it has a time of its
   * own.
   */
  void connecting(boolean goesOn) {
    synchronized (this) {
      connecting = goesOn;
      if (!goesOn) stopTimer();
    }
  }

  private void stopTimer() {
    if (timer != null) timer.cancel();
    timer = null;
  }

  Assignment assigned(UpstreamConnection connection) {
    if (reachesOnly) {
      if (!connection.take(new Transfer(this, connection))) return Assignment.DEAD;
      // In the pool before this is told: what is asked next is to find it there.
      connection.finished(true);
      reached(HttpVersion.HTTP_1_1);
      return Assignment.TAKEN;
    }
    if (isOver()) return Assignment.UNWANTED;
    Transfer begun = new Transfer(this, connection);
    if (!connection.take(begun)) return Assignment.DEAD;
    boolean unwanted;
    boolean first;
    synchronized (this) {
      unwanted = over;
      first = !told && !unwanted;
      if (!unwanted) {
        told = true;
        transfer = begun;
        attempt = null;
        stopTimer();
      }
    }
    if (unwanted) {
      connection.putBack();
      return Assignment.UNWANTED;
    }
    if (first) tellConnected();
    begun.begin();
    return Assignment.TAKEN;
  }

  /**
   * Takes a stream of a connection of HTTP/2.
   *
   * @return false when the call needs none, as it is over
   */
  boolean assigned(Http2UpstreamConnection connection) {
    if (reachesOnly) {
      reached(HttpVersion.HTTP_2);
      return false;
    }
    Http2Transfer begun = new Http2Transfer(this, connection);
    boolean first;
    synchronized (this) {
      if (over) return false;
      first = !told;
      told = true;
      transfer = begun;
      attempt = null;
      stopTimer();
    }
    if (first) tellConnected();
    begun.begin();
    return true;
  }

  /** There is a connection to the upstream, and that is all that was asked for. */
  void reached(HttpVersion version) {
    synchronized (this) {
      if (over) return;
      over = true;
      attempt = null;
      stopTimer();
    }
    tellReached(version);
  }

  /** Whether this call may still be sent again. */
  synchronized boolean mayRetry(Retries.Reason reason) {
    return retries == null ? reason != Retries.Reason.NONE : retries.mayStill(reason);
  }

  private void connectTimedOut() {
    ConnectAttempt opening;
    synchronized (this) {
      if (over || transfer != null || !connecting) return;
      opening = attempt;
    }
    leavePool();
    if (opening != null) opening.cancel();
    fail(Faults.connectTimeout());
  }

  void connectFailed(UpstreamFault reason) {
    fail(reason);
  }

  // --- what its transfer tells

  /** Runs a task when the body has waited long enough to be asked for. */
  void awaitContinue(Running waiting, Runnable task) {
    Scheduler.Task wait =
        client
            .scheduler()
            .schedule(
                () -> client.executor().execute(task), CONTINUE_WAIT_NANOS, TimeUnit.NANOSECONDS);
    synchronized (this) {
      if (!over && transfer == waiting) {
        timer = wait;
        return;
      }
    }
    wait.cancel();
  }

  /** The upstream has said something: the body waits no longer, or is not wanted. */
  void endContinueWait(Running waiting) {
    if (!request.expectContinue()) return;
    synchronized (this) {
      if (transfer == waiting) stopTimer();
    }
  }

  void failed(Running failed, UpstreamFault reason, Retries.Reason again) {
    boolean retry;
    synchronized (this) {
      if (over || transfer != failed) return;
      stopTimer();
      if (retries == null && again != Retries.Reason.NONE) retries = new Retries();
      retry = retries != null && retries.take(again);
      if (retry) {
        connecting = true;
        transfer = null;
      }
    }
    if (retry) {
      start(true);
    } else {
      fail(reason);
    }
  }

  private void fail(UpstreamFault reason) {
    synchronized (this) {
      if (over) return;
      over = true;
      attempt = null;
      stopTimer();
    }
    giveUpRequest(reason);
    tellFailure(reason);
  }

  /** Nobody will read the request's body. */
  private void giveUpRequest(UpstreamFault reason) {
    BodySource source = request.body();
    Throwable cause = reason.cause();
    if (source != null) {
      source.abort(cause != null ? cause : new IllegalStateException(reason.detail()));
    }
  }

  // --- giving up

  @Override
  public void abort(Throwable reason) {
    Running running;
    ConnectAttempt opening;
    synchronized (this) {
      if (over) return;
      over = true;
      running = transfer;
      opening = attempt;
      attempt = null;
      stopTimer();
    }
    if (running != null) {
      running.abort(reason);
      return;
    }
    if (opening != null) opening.cancel();
    leavePool();
    BodySource source = request.body();
    if (source != null) source.abort(reason);
  }
}
