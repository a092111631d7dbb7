package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A request as a scripted upstream receives it, and its answer. Thread-safe; may be scripted on the
 * dispatcher or step by step from the test's thread.
 */
public final class OriginExchange {
  private final MemoryEngine engine;
  private final String who;
  private final UpstreamRequest request;
  private final HeaderList headers;
  private final Pipe toProxy;
  private final IncomingBody body;
  private final OutgoingBody response;
  private boolean responded;
  private @Nullable Throwable aborted;
  private Runnable onRequestEnd = () -> {};

  OriginExchange(
      MemoryEngine engine,
      String who,
      UpstreamRequest request,
      HeaderList headers,
      Pipe fromProxy,
      Pipe toProxy) {
    this.engine = engine;
    this.who = who;
    this.request = request;
    this.headers = headers;
    this.toProxy = toProxy;
    this.body = new IncomingBody(engine, who, fromProxy, head -> {}, this::requestEnded);
    this.response = new OutgoingBody(engine, who, toProxy);
  }

  /** With the lock held. */
  void open() {
    engine.record(who, "receives " + request.method() + " " + request.pathAndQuery());
    if (request.body() == null) body.finish(BodyEnding.CLEAN, null);
    body.open();
  }

  /**
   * Returns the method.
   *
   * @return the method
   */
  public String method() {
    return request.method();
  }

  /**
   * Returns the request target.
   *
   * @return the target in origin form, byte for byte
   */
  public String target() {
    return request.pathAndQuery();
  }

  /**
   * Returns the fields.
   *
   * @return a copy of the fields as the core gave them
   */
  public HeaderList headers() {
    return headers.copy();
  }

  /**
   * Returns the request's body; it may be paused. Without a body it has ended cleanly from the
   * start.
   *
   * @return what has come of it; its ending is unclean when the proxy aborts
   */
  public IncomingBody body() {
    return body;
  }

  /**
   * Calls a task when the request's body has ended cleanly; at once if it has.
   *
   * @param task called on the dispatcher; must not block
   */
  public void onRequestEnd(Runnable task) {
    engine
        .loop()
        .locked(
            () -> {
              onRequestEnd = task;
              if (body.ending() == BodyEnding.CLEAN) requestEnded();
            });
  }

  private void requestEnded() {
    if (body.ending() != BodyEnding.CLEAN) return;
    Runnable task = onRequestEnd;
    onRequestEnd = () -> {};
    engine.loop().enqueue(task);
  }

  /**
   * Sends an interim response.
   *
   * @param status 100 to 199
   * @param namesAndValues its fields
   * @return this
   */
  public OriginExchange interim(int status, String... namesAndValues) {
    response.head(new Wire.Head(status, Heads.of(namesAndValues)));
    return this;
  }

  /**
   * Sends the final head. Where a Content-Length is among the fields, a body of another length
   * breaks the connection. For HEAD, 204 and 304 there is no body, and this ends the answer.
   *
   * @param status 200 to 999
   * @param namesAndValues the fields
   * @return with which to send the body
   * @throws IllegalStateException if it was sent before
   */
  public OutgoingBody respond(int status, String... namesAndValues) {
    HeaderList fields = Heads.of(namesAndValues);
    return engine
        .loop()
        .get(
            () -> {
              if (responded) throw new IllegalStateException(who + " has responded already");
              responded = true;
              response.head(new Wire.Head(status, fields));
              if (!Heads.bodyless(method(), status)) response.expect(Heads.contentLength(fields));
              return response;
            });
  }

  /**
   * Answers at once, with a Content-Length.
   *
   * @param status the status
   * @param text the body; not sent for HEAD, 204 and 304
   * @param namesAndValues the fields
   */
  public void answer(int status, String text, String... namesAndValues) {
    if (Heads.bodyless(method(), status)) {
      respond(status, namesAndValues);
      return;
    }
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    String[] fields = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
    fields[namesAndValues.length] = "Content-Length";
    fields[namesAndValues.length + 1] = Integer.toString(length);
    respond(status, fields).sendLast(text);
  }

  /**
   * Returns the answer's body, also before there is a head: to delay or abort it.
   *
   * @return with which to script the answer
   */
  public OutgoingBody response() {
    return response;
  }

  /** Breaks the connection at once, whatever steps are left; what was sent can still be read. */
  public void abort() {
    engine.loop().locked(() -> toProxy.fail(new EOFException(who + " broke off"), false));
  }

  /**
   * Returns whether the proxy closed the connection before request and answer were complete.
   *
   * @return whether it did
   */
  public boolean aborted() {
    return engine.loop().get(() -> aborted != null);
  }

  /** Waits until the proxy has aborted. For the test's thread. */
  public void awaitAborted() {
    engine.loop().await(who + " has been aborted by the proxy", () -> aborted != null);
  }

  /** The proxy closed the connection. With the lock held. */
  void abortedByProxy(Throwable reason) {
    if (aborted != null) return;
    aborted = reason;
    engine.record(who, "aborted by the proxy");
    body.finish(BodyEnding.UNCLEAN, reason);
    toProxy.fail(reason, true);
  }
}
