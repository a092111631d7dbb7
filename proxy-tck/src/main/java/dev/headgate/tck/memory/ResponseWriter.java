package dev.headgate.tck.memory;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import org.jspecify.annotations.Nullable;

/**
 * The response of one exchange as the core writes it; reports what it does against {@link
 * InboundExchange}.
 */
final class ResponseWriter {
  private final MemoryEngine engine;
  private final String who;
  private final String method;
  private final HttpVersion version;
  private final Pipe pipe;
  private final Runnable onFinished;
  private @Nullable Write current;
  private @Nullable Throwable over;
  private boolean responded;
  private boolean ended;
  private boolean bodyless;
  private long expected = -1;
  private long written;
  private @Nullable HeaderList given;
  private @Nullable HeaderList sent;

  /** {@code onFinished} is called with the lock held, when all of the response is on its way. */
  ResponseWriter(
      MemoryEngine engine,
      String who,
      String method,
      HttpVersion version,
      Pipe pipe,
      Runnable onFinished) {
    this.engine = engine;
    this.who = who;
    this.method = method;
    this.version = version;
    this.pipe = pipe;
    this.onFinished = onFinished;
  }

  /** One operation of the core's, and what became of it. */
  private final class Write implements Pipe.Waiting {
    private final Completion done;
    private boolean inside = true;
    private boolean decided;
    private @Nullable Throwable failure;

    Write(Completion done) {
      this.done = done;
    }

    @Override
    public void accepted() {
      decide(null);
    }

    @Override
    public void failed(Throwable reason) {
      decide(reason);
    }

    private void decide(@Nullable Throwable reason) {
      if (decided) return;
      decided = true;
      failure = reason;
      if (reason == null && ended && over == null) finish();
      if (!inside) engine.loop().enqueue(this::tell);
    }

    /** Tells the core. Without the lock. */
    private void tell() {
      engine
          .loop()
          .locked(
              () -> {
                if (current == this) current = null;
              });
      Throwable reason = failure;
      engine
          .loop()
          .call(
              who + ": a completion",
              () -> {
                if (reason == null) {
                  done.succeeded();
                } else {
                  done.failed(reason);
                }
              });
    }
  }

  void interim(int status, HeaderList headers, Completion done) {
    perform(
        "interim()",
        done,
        write -> {
          if (responded) return refuse(write, "interim() after respond()");
          if (version == HttpVersion.HTTP_1_0) return refuse(write, "interim() to HTTP/1.0");
          if (status < 102 || status > 199) return refuse(write, "interim() with " + status);
          return pipe.write(new Wire.Head(status, Heads.take(engine, who, headers)), write);
        });
  }

  void respond(
      int status, HeaderList headers, @Nullable Content first, boolean last, Completion done) {
    byte[] bytes = engine.ledger().take(who, first);
    perform(
        "respond()",
        done,
        write -> {
          if (responded) return refuse(write, "respond() twice");
          if (status < 200 || status > 999) return refuse(write, "respond() with " + status);
          responded = true;
          given = headers;
          sent = Heads.take(engine, who, headers);
          frame(status, sent);
          pipe.write(new Wire.Head(status, sent.copy()));
          if (bytes.length == 0 && !last) return true;
          return body(write, bytes, last, null);
        });
  }

  void write(Content content, boolean last, @Nullable HeaderList trailers, Completion done) {
    byte[] bytes = engine.ledger().take(who, content);
    perform(
        "write()",
        done,
        write -> {
          if (!responded) return refuse(write, "write() before respond()");
          if (ended) return refuse(write, "write() after the last one");
          return body(write, bytes, last, trailers);
        });
  }

  /** What an operation does; true when it is through at once. */
  private interface Operation {
    boolean run(Write write);
  }

  private void perform(String what, Completion done, Operation operation) {
    Write write = new Write(done);
    boolean tellNow =
        engine
            .loop()
            .get(
                () -> {
                  start(what, write, operation);
                  write.inside = false;
                  if (!write.decided) return false;
                  if (engine.inlineCallbacks()) return true;
                  engine.loop().enqueue(write::tell);
                  return false;
                });
    if (tellNow) write.tell();
  }

  private void start(String what, Write write, Operation operation) {
    if (over != null) {
      write.failed(over);
    } else if (current != null) {
      refuse(write, what + " before the completion of the call before");
    } else {
      current = write;
      if (operation.run(write)) write.accepted();
    }
  }

  private boolean refuse(Write write, String misuse) {
    engine.violation(who + ": " + misuse);
    write.failed(new IllegalStateException(misuse));
    return false;
  }

  private void frame(int status, HeaderList headers) {
    bodyless = Heads.bodyless(method, status);
    long length = Heads.contentLength(headers);
    if (length == -2) engine.violation(who + ": Content-Length of the response makes no sense");
    if (length >= 0 && status == 204) {
      engine.violation(who + ": 204 with Content-Length (RFC 9110 section 8.6)");
    }
    expected = bodyless ? -1 : length;
  }

  private boolean body(Write write, byte[] bytes, boolean last, @Nullable HeaderList trailers) {
    ended = last;
    written += bytes.length;
    if (bodyless && bytes.length > 0) return refuse(write, "body bytes where there can be none");
    if (expected >= 0 && (written > expected || (last && written < expected))) {
      String misuse = "Content-Length is " + expected + ", and " + written + " bytes were written";
      refuse(write, misuse);
      pipe.fail(new IllegalStateException(misuse), false);
      return false;
    }
    if (bytes.length == 0 && !last) return true;
    boolean canCarry = expected < 0 && !bodyless && version != HttpVersion.HTTP_1_0;
    HeaderList carried =
        trailers == null || !canCarry ? null : Heads.take(engine, who + " trailers", trailers);
    return pipe.write(new Wire.Bytes(bytes, 0, last, carried), write);
  }

  private void finish() {
    checkGiven();
    onFinished.run();
  }

  private void checkGiven() {
    if (given != null && sent != null && !sent.sameAs(given)) {
      engine.violation(who + ": the core changed the response's fields after it gave them away");
    }
    given = null;
  }

  boolean responded() {
    return responded;
  }

  /** Ends it early; with the lock held. */
  void cut(Throwable reason) {
    if (over != null) return;
    over = reason;
    checkGiven();
    pipe.fail(reason, false);
  }
}
