package dev.headgate.tck.memory;

import dev.headgate.api.http.HttpVersion;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request of a scripted client, and what came back. Thread-safe. */
public final class MemoryCall {
  private final MemoryEngine engine;
  private final MemoryClient connection;
  private final MemoryRequest request;
  private final String who;
  private final boolean awaitsContinue;
  private final @Nullable Pipe toServer;
  private final Pipe fromServer = new Pipe();
  private final @Nullable OutgoingBody body;
  private final IncomingBody response;
  private final List<MemoryHead> interims = new ArrayList<>();
  private @Nullable MemoryHead head;
  private @Nullable MemoryExchange exchange;
  private boolean requestOver;

  MemoryCall(MemoryEngine engine, MemoryClient connection, MemoryRequest request, String who) {
    this.engine = engine;
    this.connection = connection;
    this.request = request;
    this.who = who;
    this.toServer = request.hasBody() ? new Pipe() : null;
    this.body = toServer == null ? null : new OutgoingBody(engine, who, toServer);
    this.requestOver = body == null;
    this.awaitsContinue =
        body != null
            && request.version() != HttpVersion.HTTP_1_0
            && Heads.expectsContinue(request.headers());
    this.response = new IncomingBody(engine, who, fromServer, this::seeHead, this::seeEnd);
  }

  /** Makes the server's end. With the lock held. */
  MemoryExchange start() {
    engine.record(who, request.method() + " " + request.target());
    if (body != null) body.expect(Math.max(-1, Heads.contentLength(request.headers())));
    if (body != null && awaitsContinue) body.hold();
    MemoryExchange made = new MemoryExchange(engine, this, toServer, fromServer);
    exchange = made;
    response.open();
    if (toServer != null) {
      // A length that was not kept ends the connection like a client that vanished.
      toServer.onFailed(this::brokenBody);
    }
    return made;
  }

  /**
   * Returns the request's body.
   *
   * @return with which to send it
   * @throws IllegalStateException if the request has none
   */
  public OutgoingBody body() {
    if (body == null) throw new IllegalStateException(who + ": the request has no body");
    return body;
  }

  /** Sends the body without having seen 100 (Continue). */
  public void sendWithoutContinue() {
    engine.loop().locked(() -> body().release());
  }

  /**
   * Returns the response's body, with which also the head is paused.
   *
   * @return what has come of it
   */
  public IncomingBody response() {
    return response;
  }

  /**
   * Returns the interim responses.
   *
   * @return those so far, 100 among them
   */
  public List<MemoryHead> interims() {
    return engine.loop().get(() -> List.copyOf(interims));
  }

  /**
   * Returns the final response's head.
   *
   * @return the head; null while it has not come
   */
  public @Nullable MemoryHead head() {
    return engine.loop().get(() -> head);
  }

  /**
   * Waits for the final response's head. For the test's thread.
   *
   * @return the head
   */
  public MemoryHead awaitHead() {
    engine
        .loop()
        .await(
            who + " has seen a response's head",
            () -> head != null || response.ending() != BodyEnding.OPEN);
    MemoryHead seen = head();
    if (seen == null) {
      throw new AssertionError(
          who + " saw no response's head: the connection broke", response.failure());
    }
    return seen;
  }

  /**
   * Waits for so many interim responses. For the test's thread.
   *
   * @param count how many in all
   * @return the last of them
   */
  public MemoryHead awaitInterim(int count) {
    engine.loop().await(who + " has seen " + count + " interims", () -> interims.size() >= count);
    return interims().get(count - 1);
  }

  /** Vanishes: the connection is gone at once, in both directions, with all that was under way. */
  public void abort() {
    engine
        .loop()
        .locked(
            () -> {
              engine.record(who, "vanishes");
              connection.cut(new EOFException(who + " went away"));
            });
  }

  /** The client's connection is gone. With the lock held. */
  void cut(Throwable reason) {
    if (toServer != null) toServer.fail(reason, true);
    if (exchange != null) exchange.clientGone(reason);
    fromServer.fail(reason, true);
    response.finish(BodyEnding.UNCLEAN, reason);
  }

  /** The listener closes the connection; what it wrote before still arrives. With the lock held. */
  void cutByListener(Throwable reason) {
    if (toServer != null) toServer.fail(reason, true);
    if (exchange != null) exchange.clientGone(reason);
    fromServer.fail(reason, false);
  }

  private void brokenBody() {
    Throwable reason = toServer == null ? null : toServer.failure();
    if (reason != null && !requestOver) connection.cut(reason);
  }

  /** The server is done with it. With the lock held. */
  void answered(boolean cleanly, boolean unread, boolean neverContinued) {
    if (!cleanly) {
      requestOver = true;
      if (toServer != null) toServer.fail(new EOFException(who + ": connection closed"), true);
      connection.closedByServer();
    } else if (!unread || toServer == null) {
      requestOver = true;
      connection.callOver(this);
    } else if (neverContinued) {
      refuseRest();
    } else {
      dropRest(toServer, connection.maxUnreadBodyBytes());
    }
  }

  private void refuseRest() {
    requestOver = true;
    if (toServer != null) toServer.fail(new EOFException(who + ": connection closed"), true);
    connection.closeAfter();
    connection.callOver(this);
  }

  private void dropRest(Pipe rest, long limit) {
    long[] left = {limit};
    Runnable drop =
        () -> {
          while (!requestOver) {
            Wire item = rest.poll(Integer.MAX_VALUE);
            if (!(item instanceof Wire.Bytes bytes)) return;
            left[0] -= bytes.size();
            if (left[0] < 0) {
              refuseRest();
            } else if (bytes.last()) {
              requestOver = true;
              connection.callOver(this);
            }
          }
        };
    rest.onReadable(drop);
    drop.run();
  }

  private void seeHead(Wire.Head seen) {
    engine.record(who, (seen.status() < 200 ? "interim " : "head ") + seen.status());
    MemoryHead copy = new MemoryHead(seen.status(), seen.headers());
    if (seen.status() >= 200) {
      head = copy;
      return;
    }
    interims.add(copy);
    if (seen.status() == 100 && body != null) body.release();
  }

  private void seeEnd() {
    connection.callOver(this);
  }

  /** Whether nothing of it is under way. With the lock held. */
  boolean over() {
    return requestOver && response.ending() != BodyEnding.OPEN;
  }

  boolean awaitsContinue() {
    return awaitsContinue;
  }

  MemoryRequest request() {
    return request;
  }

  MemoryClient connection() {
    return connection;
  }

  Pipe responsePipe() {
    return fromServer;
  }

  String who() {
    return who;
  }
}
