package dev.headgate.tck.memory;

import dev.headgate.api.HostPort;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.AddressDeniedException;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.ParentProxy;
import dev.headgate.core.spi.Resolver;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to an origin, and the answer on its way back. The listener is called on
 * the dispatcher only; state is guarded by the engine's lock.
 */
final class UpstreamExchange implements UpstreamCall, PipeSource.Owner {
  private final MemoryEngine engine;
  private final MemoryUpstream client;
  private final UpstreamRequest request;
  private final UpstreamListener listener;
  private final HeaderList headers;
  private final Pipe toOrigin = new Pipe();
  private final Pipe fromOrigin = new Pipe();
  private final RequestPump pump;
  private Engine.Timer connectTimer = () -> {};
  private @Nullable MemoryOrigin origin;
  private @Nullable UpstreamConnection connection;
  private @Nullable OriginExchange served;
  private @Nullable PipeSource response;
  private String who;
  private boolean answered;
  private boolean requestSent;
  private boolean over;

  UpstreamExchange(
      MemoryEngine engine,
      MemoryUpstream client,
      UpstreamRequest request,
      UpstreamListener listener) {
    this.engine = engine;
    this.client = client;
    this.request = request;
    this.listener = listener;
    this.who = "request to " + request.target();
    this.headers = Heads.take(engine, who, request.headers());
    this.pump = new RequestPump(engine, who, request, headers, toOrigin, this);
  }

  /** Looks for the way. On the dispatcher, without the lock. */
  void start() {
    Destination destination = request.destination();
    ParentProxy parent = destination.parent();
    if (parent != null && parent.kind() == ParentProxy.Kind.HTTP) {
      find(() -> client.find(parent.address()), ErrorCode.DNS_ERROR);
    } else if (parent != null) {
      unreachable(new ConnectException("there is no SOCKS in memory"));
    } else if (destination.resolver() == Resolver.direct()) {
      find(() -> client.find(request.target().address()), ErrorCode.DNS_ERROR);
    } else {
      resolve(destination.resolver(), request.target().address());
    }
  }

  private void resolve(Resolver resolver, HostPort address) {
    try {
      List<InetSocketAddress> known = resolver.known(address);
      if (known != null) {
        find(() -> client.find(known), ErrorCode.CONNECT_FAILED);
        return;
      }
    } catch (AddressDeniedException e) {
      unreachable(e);
      return;
    }
    engine
        .blockingExecutor()
        .execute(
            () -> {
              try {
                List<InetSocketAddress> found = resolver.resolve(address);
                engine
                    .loop()
                    .enqueue(() -> find(() -> client.find(found), ErrorCode.CONNECT_FAILED));
              } catch (IOException e) {
                engine.loop().enqueue(() -> unreachable(e));
              }
            });
  }

  private void unreachable(IOException reason) {
    if (reason instanceof AddressDeniedException) {
      fail(ErrorCode.ADDRESS_DENIED, Phase.CONNECT, "not allowed", false, reason);
    } else if (reason instanceof UnknownHostException) {
      fail(ErrorCode.DNS_ERROR, Phase.CONNECT, "unknown host", true, reason);
    } else {
      fail(ErrorCode.CONNECT_FAILED, Phase.CONNECT, "unreachable", true, reason);
    }
  }

  /** Looks for a connection. On the dispatcher, without the lock. */
  private void find(Supplier<@Nullable MemoryOrigin> way, ErrorCode without) {
    Runnable next =
        engine
            .loop()
            .get(
                () -> {
                  if (over) return () -> {};
                  MemoryOrigin found = way.get();
                  origin = found;
                  if (found == null) {
                    return () -> fail(without, Phase.CONNECT, "nobody is there", true, null);
                  }
                  if (client.available(found)) {
                    assign(client.connection(found));
                    return this::connected;
                  }
                  if (found.mode() == MemoryOrigin.Mode.REFUSING) {
                    return () ->
                        fail(ErrorCode.CONNECT_FAILED, Phase.CONNECT, "refused", true, null);
                  }
                  found.waiting.add(this);
                  connectTimer = engine.timer(request.connectTimeoutNanos(), this::connectTimedOut);
                  return () -> {};
                });
    next.run();
  }

  /** Has a connection from now on. With the lock held. */
  void assign(UpstreamConnection given) {
    connectTimer.cancel();
    connection = given;
    who = given.use();
  }

  private void connectTimedOut() {
    engine.loop().locked(this::leaveQueue);
    fail(ErrorCode.CONNECT_TIMEOUT, Phase.CONNECT, "no connection in time", true, null);
  }

  private void leaveQueue() {
    connectTimer.cancel();
    if (origin != null) origin.waiting.remove(this);
  }

  /** A connection is at hand: sends the head. On the dispatcher, without the lock. */
  void connected() {
    if (engine.loop().get(() -> over)) return;
    tell("onConnected", listener::onConnected);
    engine
        .loop()
        .locked(
            () -> {
              if (over || origin == null) return;
              OriginExchange made =
                  new OriginExchange(engine, who, request, headers, toOrigin, fromOrigin);
              served = made;
              fromOrigin.onReadable(() -> engine.loop().enqueue(this::deliver));
              made.open();
              origin.receive(made);
            });
    pump.start();
  }

  /** Passes heads on, or the failure instead of one. On the dispatcher, without the lock. */
  private void deliver() {
    while (true) {
      Runnable next = engine.loop().get(this::nextDelivery);
      if (next == null) return;
      next.run();
    }
  }

  private @Nullable Runnable nextDelivery() {
    if (over || answered) return null;
    if (fromOrigin.peek() instanceof Wire.Head head) {
      fromOrigin.poll(1);
      if (Heads.size(head.headers()) > client.options().maxResponseHeadBytes()) {
        return () ->
            fail(
                ErrorCode.RESPONSE_TOO_LARGE,
                Phase.AWAIT_RESPONSE,
                "the response's head is too large",
                false,
                null);
      }
      return head.status() < 200 ? interim(head) : finalHead(head);
    }
    if (fromOrigin.peek() != null) throw new IllegalStateException(who + ": body before its head");
    Throwable reason = fromOrigin.failure();
    if (reason == null) return null;
    Phase phase = requestSent ? Phase.AWAIT_RESPONSE : Phase.SEND_REQUEST;
    return () ->
        fail(
            ErrorCode.UPSTREAM_ABORTED, phase, "the upstream closed the connection", false, reason);
  }

  private Runnable interim(Wire.Head head) {
    return () -> {
      if (head.status() == 100) pump.continued();
      tell("onInterim", () -> listener.onInterim(head.status(), head.headers()));
    };
  }

  private Runnable finalHead(Wire.Head head) {
    answered = true;
    boolean refused = pump.refused();
    BodySource body;
    if (Heads.bodyless(request.method(), head.status())) {
      body = null;
      ended();
    } else {
      long length = Math.max(-1, Heads.contentLength(head.headers()));
      response = new PipeSource(engine, who + " response body", fromOrigin, length, this);
      fromOrigin.onFailed(this::broken);
      if (fromOrigin.failure() != null) broken();
      body = response;
    }
    return () -> {
      if (refused) giveUpRequest(new EOFException("answered without 100 (Continue)"));
      tell("onResponse", () -> listener.onResponse(head.status(), head.headers(), body));
    };
  }

  /** The origin broke off inside the body, which says so itself; the connection is gone now. */
  private void broken() {
    Throwable reason = fromOrigin.failure();
    if (over || reason == null) return;
    finish();
    engine.loop().enqueue(() -> giveUpRequest(reason));
  }

  /** All of the request was sent. On the dispatcher, without the lock. */
  void requestSent() {
    boolean tell =
        engine
            .loop()
            .get(
                () -> {
                  requestSent = true;
                  return !over;
                });
    if (tell) tell("onRequestSent", listener::onRequestSent);
  }

  /**
   * The request's body failed: an unclean end for the origin. On the dispatcher, without the lock.
   */
  void requestFailed(Throwable reason) {
    boolean noHead =
        engine
            .loop()
            .get(
                () -> {
                  if (over) return false;
                  if (answered) breakOff(reason);
                  return !answered;
                });
    if (noHead) {
      fail(ErrorCode.UPSTREAM_ABORTED, Phase.SEND_REQUEST, "the body ended early", false, reason);
    }
  }

  @Override
  public void used() {}

  /** The core has the last of the response. */
  @Override
  public void ended() {
    if (over) return;
    if (!requestSent) {
      EOFException reason = new EOFException("answered before all of the request was sent");
      breakOff(reason);
      engine.loop().enqueue(() -> giveUpRequest(reason));
      return;
    }
    UpstreamConnection done = connection;
    finish();
    if (done != null) done.giveBack(client.options().idleConnectionTimeout());
  }

  /** The core gave up on the response. */
  @Override
  public void aborted(Throwable reason) {
    if (over) return;
    breakOff(reason);
    engine.loop().enqueue(() -> giveUpRequest(reason));
  }

  @Override
  public void abort(Throwable reason) {
    boolean aborted =
        engine
            .loop()
            .get(
                () -> {
                  if (over) return false;
                  engine.record(who, "aborted by the core");
                  leaveQueue();
                  breakOff(reason);
                  return true;
                });
    if (aborted) giveUpRequest(reason);
  }

  private void giveUpRequest(Throwable reason) {
    BodySource body = request.body();
    if (body != null) engine.loop().call(who + ": abort of the body", () -> body.abort(reason));
  }

  /** Ends it with a fault, unless it is over. On the dispatcher, without the lock. */
  private void fail(
      ErrorCode code, Phase phase, String detail, boolean retrySafe, @Nullable Throwable cause) {
    Throwable reason = cause != null ? cause : new EOFException(who + ": " + detail);
    boolean failed =
        engine
            .loop()
            .get(
                () -> {
                  if (over) return false;
                  breakOff(reason);
                  return true;
                });
    if (!failed) return;
    giveUpRequest(reason);
    tell(
        "onFailure",
        () -> listener.onFailure(new UpstreamFault(code, phase, detail, retrySafe, cause)));
  }

  /** Closes the connection; the origin sees it at once. With the lock held. */
  private void breakOff(Throwable reason) {
    finish();
    if (served != null) served.abortedByProxy(reason);
    if (response != null) response.fail(reason);
  }

  /** With the lock held. Closes what was not given back. */
  private void finish() {
    if (over) return;
    over = true;
    client.over(this);
    if (!headers.sameAs(request.headers())) {
      engine.violation(who + ": the core changed the request's fields after it gave them away");
    }
    boolean reusable = requestSent && (response == null ? answered : response.ended());
    if (connection != null && !reusable) connection.close();
  }

  boolean over() {
    return over;
  }

  private void tell(String what, Runnable callback) {
    engine.loop().call(who + ": " + what, callback);
  }

  /** What it is, for the report of a leak. */
  @Override
  public String toString() {
    return who + " (" + request.method() + " " + request.pathAndQuery() + ")";
  }
}
