package dev.headgate.tck.memory;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Moves the core's request body to an origin, as the window has room: reads until null, demands,
 * and reads on when called back. Runs on the dispatcher.
 */
final class RequestPump {
  private final MemoryEngine engine;
  private final String who;
  private final @Nullable BodySource body;
  private final long expected;
  private final Pipe pipe;
  private final UpstreamExchange exchange;

  /** Whether nothing may be read: a demand or a write is pending, or 100 (Continue) is awaited. */
  private final AtomicBoolean stopped = new AtomicBoolean();

  private boolean awaitsContinue;
  private long sent;

  RequestPump(
      MemoryEngine engine,
      String who,
      UpstreamRequest request,
      HeaderList headers,
      Pipe pipe,
      UpstreamExchange exchange) {
    this.engine = engine;
    this.who = who;
    this.body = request.body();
    this.expected = Heads.contentLength(headers);
    this.pipe = pipe;
    this.exchange = exchange;
    this.awaitsContinue = request.expectContinue() && body != null;
    if (body == null && expected > 0) engine.violation(who + ": a Content-Length, but no body");
    if (request.expectContinue() != Heads.expectsContinue(headers)) {
      engine.violation(who + ": expectContinue and the field Expect contradict each other");
    }
  }

  void start() {
    if (body == null) {
      exchange.requestSent();
    } else if (!engine.loop().get(() -> awaitsContinue)) {
      pump();
    }
  }

  /** 100 (Continue) came. */
  void continued() {
    boolean first =
        engine
            .loop()
            .get(
                () -> {
                  boolean awaited = awaitsContinue;
                  awaitsContinue = false;
                  return awaited;
                });
    if (first) pump();
  }

  /**
   * Whether the final head came without 100 (Continue), so that the body stays unsent. With the
   * lock held.
   */
  boolean refused() {
    return awaitsContinue;
  }

  private void pump() {
    BodySource source = body;
    if (source == null) return;
    while (!stopped.get() && !engine.loop().get(exchange::over)) {
      Content content = source.read();
      if (content == null) {
        stopped.set(true);
        source.demand(this::goOn);
        return;
      }
      Throwable failure = content.failure();
      if (failure != null) {
        stopped.set(true);
        exchange.requestFailed(failure);
        return;
      }
      boolean last = content.last();
      pass(engine.ledger().take(who, content), last, last ? source.trailers() : null);
    }
  }

  private void goOn() {
    engine
        .loop()
        .enqueue(
            () -> {
              stopped.set(false);
              pump();
            });
  }

  private void pass(byte[] bytes, boolean last, @Nullable HeaderList trailers) {
    sent += bytes.length;
    if (expected >= 0 && (sent > expected || (last && sent < expected))) {
      engine.violation(who + ": Content-Length is " + expected + ", and the body has " + sent);
      stopped.set(true);
      exchange.requestFailed(
          new IllegalStateException("the body has another length than promised"));
      return;
    }
    if (bytes.length == 0 && !last) return;
    stopped.set(true);
    HeaderList carried =
        trailers == null || expected >= 0 ? null : Heads.take(engine, who + " trailers", trailers);
    boolean fitted = engine.loop().get(() -> pipe.write(piece(bytes, last, carried), waiter(last)));
    if (!fitted) return;
    if (last) {
      exchange.requestSent();
    } else {
      stopped.set(false);
    }
  }

  private static Wire.Bytes piece(byte[] bytes, boolean last, @Nullable HeaderList trailers) {
    return new Wire.Bytes(bytes, 0, last, trailers);
  }

  private Pipe.Waiting waiter(boolean last) {
    return new Pipe.Waiting() {
      @Override
      public void accepted() {
        if (last) {
          engine.loop().enqueue(exchange::requestSent);
        } else {
          goOn();
        }
      }

      @Override
      public void failed(Throwable reason) {}
    };
  }
}
