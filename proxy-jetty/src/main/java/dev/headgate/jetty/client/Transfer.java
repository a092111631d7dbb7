package dev.headgate.jetty.client;

import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on one connection. Both directions run at the same time; when both
 * have ended the connection is given back. State is guarded by the connection's lock; nobody is
 * told anything under it.
 */
final class Transfer implements Call.Running, Runnable {
  private final Call call;
  private final UpstreamConnection connection;
  private final UpstreamRequest request;
  private final ResponseReader reader;
  private final RequestPump pump;

  private boolean begun;
  private @Nullable Throwable lostEarly;
  private boolean receivedAny;
  private boolean answered;
  private boolean responseEnded;
  private boolean requestSent;
  private @Nullable Throwable writeFailure;
  private @Nullable ResponseBody body;
  private boolean refused;

  /** What follows a 101, told once the request is out. */
  private @Nullable UpstreamTunnel tunnel;

  private @Nullable Runnable opening;
  private boolean over;

  Transfer(Call call, UpstreamConnection connection) {
    this.call = call;
    this.connection = connection;
    this.request = call.request();
    this.reader = connection.reader();
    this.pump = new RequestPump(this, request, connection.writer());
  }

  /**
   * Sends the request, or what can be sent at once of it, and only then looks for the response:
   * else an answer could overtake the end of the write, and the connection not be free for the next
   * request of a client that has its answer.
   */
  void begin() {
    Throwable lost;
    boolean sent;
    synchronized (connection.lock()) {
      reader.head(request.method().equals("HEAD"));
      lost = lostEarly;
    }
    if (lost != null) {
      failed(Faults.aborted(false, lost), lost, true); // nothing was sent
      return;
    }
    if (request.destination().protocol() == Destination.Protocol.TUNNEL) {
      openTunnel();
      return;
    }
    pump.run();
    synchronized (connection.lock()) {
      begun = true;
      lost = lostEarly;
      sent = requestSent;
      if (!over) connection.watch();
    }
    if (lost != null) {
      failed(Faults.aborted(sent, lost), lost, false);
    } else if (!pump.mayProceed()) {
      awaitContinue();
    }
  }

  private void awaitContinue() {
    call.awaitContinue(this, this::proceedUnasked);
    boolean unneeded;
    synchronized (connection.lock()) {
      unneeded = over || answered || pump.mayProceed();
    }
    if (unneeded) call.endContinueWait(this);
  }

  /** The upstream says nothing at all: one that does not know the expectation waits, too. */
  private void proceedUnasked() {
    synchronized (connection.lock()) {
      if (over || answered || !pump.allow()) return;
    }
    pump.goOn();
  }

  /** The connection itself is what was asked for. */
  private void openTunnel() {
    UpstreamTunnel opened = new UpstreamTunnel(connection, reader);
    synchronized (connection.lock()) {
      begun = true;
      answered = true;
      requestSent = true;
      reader.raw();
      tunnel = opened;
      if (lostEarly != null) opened.lost(lostEarly);
    }
    call.requestSent();
    call.tunnel(200, new HeaderList(1), opened);
  }

  // --- the response

  /** Takes the demand that waits for the connection to be readable. With the lock held. */
  @Nullable Runnable takeDemand() {
    if (tunnel != null) return tunnel.takeDemand();
    return body == null ? null : body.takeDemand();
  }

  /** The connection is readable, or has ended, and no body is waited for. */
  void readable() {
    while (true) {
      Runnable event;
      synchronized (connection.lock()) {
        // A body is read by whoever wants it.
        if (over || answered || !begun) return;
        event = readHead();
      }
      if (event == null) return;
      event.run();
    }
  }

  private @Nullable Runnable readHead() {
    try {
      while (!reader.readHead()) {
        int filled = connection.fill();
        if (filled < 0) throw new EOFException("the connection ended before the response");
        if (filled == 0) {
          connection.watch();
          return null;
        }
        receivedAny = true;
      }
    } catch (BadResponseException e) {
      over = true;
      return () -> failed(e.fault(), e, false);
    } catch (IOException e) {
      over = true;
      UpstreamFault fault = Faults.aborted(requestSent, e);
      boolean again = connection.isReused() && !receivedAny && Retries.allow(request);
      return () -> failed(fault, e, again);
    }
    int status = reader.status();
    HeaderList headers = reader.headers();
    if (status == 101) return switchProtocols(headers);
    if (reader.isInterim()) {
      reader.next();
      return () -> {
        if (status == 100) proceed();
        call.interim(status, headers);
      };
    }
    answered = true;
    ResponseBody received = reader.isBodyless() ? null : new ResponseBody(this, connection, reader);
    body = received;
    refused = !pump.mayProceed();
    return this;
  }

  /** Hands the response over; once, by whoever read its head. */
  @Override
  public void run() {
    call.endContinueWait(this);
    if (refused) giveUpRequest(new EOFException("answered without 100 (Continue)"));
    ResponseBody received = body;
    call.response(reader.status(), reader.headers(), received);
    if (received == null) responseEnded();
  }

  private void proceed() {
    call.endContinueWait(this);
    pump.proceed();
  }

  private Runnable switchProtocols(HeaderList headers) {
    if (!request.headers().contains("Upgrade") || !headers.contains("Upgrade")) {
      over = true;
      return () -> failed(Faults.switchedUnasked(), new IOException("an unasked 101"), false);
    }
    answered = true;
    reader.raw();
    UpstreamTunnel opened = new UpstreamTunnel(connection, reader);
    tunnel = opened;
    Runnable tell = () -> call.tunnel(101, headers, opened);
    if (requestSent) return tell;
    opening = tell; // the head's write has not been told to have ended, and writes come one by one
    return () -> {};
  }

  private void failed(UpstreamFault fault, Throwable cause, boolean again) {
    connection.close();
    if (!again) giveUpRequest(cause);
    call.failed(this, fault, again ? Retries.Reason.LOST : Retries.Reason.NONE);
  }

  /** The last of the response has been read. */
  void responseEnded() {
    boolean cut;
    boolean reusable;
    synchronized (connection.lock()) {
      if (over) return;
      responseEnded = true;
      cut = !requestSent && !pump.lastTaken();
      if (!cut && !requestSent && writeFailure == null) return;
      over = true;
      reusable = requestSent && writeFailure == null && reader.keepsConnection();
    }
    connection.finished(reusable);
    if (cut) giveUpRequest(new EOFException("answered before all of the request was sent"));
  }

  // --- the request

  void requestSent() {
    call.requestSent();
    boolean reusable;
    Runnable tell;
    synchronized (connection.lock()) {
      requestSent = true;
      tell = opening;
      opening = null;
    }
    if (tell != null) {
      tell.run();
      return;
    }
    synchronized (connection.lock()) {
      if (over || !responseEnded) return;
      over = true;
      reusable = reader.keepsConnection();
    }
    connection.finished(reusable);
  }

  /**
   * The upstream takes no more. It may have answered before it closed: what has come is read first,
   * and tells, or else the end behind it does.
   */
  void writeFailed(Throwable reason) {
    boolean finished;
    synchronized (connection.lock()) {
      if (over) return;
      writeFailure = reason;
      finished = responseEnded;
      over = finished;
      finished |= opening != null;
    }
    if (finished) connection.close();
    giveUpRequest(reason);
    readable();
  }

  /** The request's body broke: the upstream must see that too. */
  void requestBodyFailed(Throwable reason) {
    boolean before;
    synchronized (connection.lock()) {
      if (over) return;
      over = true;
      before = !answered;
      closing(reason);
    }
    connection.close();
    if (before) {
      call.failed(this, Faults.requestBody(reason), Retries.Reason.NONE);
    } else {
      failBody(reason);
    }
  }

  private void giveUpRequest(Throwable reason) {
    pump.stop();
    BodySource source = request.body();
    if (source != null) source.abort(reason);
  }

  /** With the lock held. */
  private void closing(Throwable reason) {
    if (body != null) body.closing(reason);
  }

  private void failBody(Throwable reason) {
    ResponseBody received;
    synchronized (connection.lock()) {
      received = body;
    }
    if (received != null) received.fail(reason);
  }

  // --- ends from outside

  @Override
  public void abort(Throwable reason) {
    UpstreamTunnel open;
    synchronized (connection.lock()) {
      if (over) return;
      over = true;
      closing(reason);
      open = tunnel;
    }
    if (open != null) {
      open.abort(reason);
      return;
    }
    connection.close();
    giveUpRequest(reason);
    failBody(reason);
  }

  /** The connection was closed by somebody else. */
  void connectionLost(Throwable cause) {
    boolean before;
    UpstreamFault fault;
    UpstreamTunnel open;
    synchronized (connection.lock()) {
      open = opening == null ? tunnel : null; // one that was not told yet never opens
      if (over && open == null) return;
      over = true;
      answered &= opening == null;
      opening = null;
      if (!begun) {
        lostEarly = cause; // begin() will tell
        return;
      }
      before = !answered;
      closing(cause);
      fault = Faults.aborted(requestSent, cause);
    }
    if (open != null) {
      open.lost(cause);
      return;
    }
    giveUpRequest(cause);
    if (before) {
      call.failed(this, fault, Retries.Reason.NONE);
    } else {
      failBody(cause);
    }
  }
}
