package dev.headgate.core.exchange;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Step 10: moves a response to the client. The head goes out with the first piece of the body where
 * that is at hand, else at once by itself (rule 39); the next piece is read when the last one has
 * been taken.
 */
final class ResponsePump implements Completion, Runnable {
  private static final AtomicIntegerFieldUpdater<ResponsePump> WORK =
      AtomicIntegerFieldUpdater.newUpdater(ResponsePump.class, "work");

  private final Exchange exchange;
  private final InboundExchange inbound;
  private final int status;
  private final HeaderList headers;
  private final @Nullable BodySource body;

  @SuppressWarnings("unused") // by the updater
  private volatile int work;

  // Written by whoever iterates; handed over by the work counter.
  private boolean committed;
  private boolean writing;
  private boolean lastWritten;
  private boolean stopped;
  private int writingBytes;
  private volatile boolean written;
  private volatile @Nullable Throwable writeFailure;
  private volatile long bytes;

  ResponsePump(Exchange exchange, int status, HeaderList headers, @Nullable BodySource body) {
    this.exchange = exchange;
    this.inbound = exchange.inbound();
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Starts it, and goes on when the body has its next piece. */
  @Override
  public void run() {
    iterate();
  }

  long bytes() {
    return bytes;
  }

  void stop(Throwable reason) {
    BodySource source = body;
    if (source != null) source.abort(reason);
  }

  @Override
  public void succeeded() {
    written = true;
    iterate();
  }

  @Override
  public void failed(Throwable reason) {
    writeFailure = reason;
    written = true;
    iterate();
  }

  /** Steps again for each signal that came while it stepped, so that nothing recurses. */
  private void iterate() {
    if (WORK.getAndIncrement(this) != 0) return;
    do {
      step();
    } while (WORK.decrementAndGet(this) != 0);
  }

  private void step() {
    if (writing) {
      if (!written) return;
      written = false;
      writing = false;
      Throwable failure = writeFailure;
      if (failure != null) {
        stopped = true;
        exchange.clientGone(failure);
        return;
      }
      long before = bytes;
      bytes = before + writingBytes;
      if (lastWritten) {
        stopped = true;
        exchange.completed();
        return;
      }
      exchange.timer().response(null);
    }
    if (stopped) return;
    if (body == null) {
      commit(null, true);
      return;
    }
    Content content = body.read();
    if (content == null) {
      if (committed) {
        body.demand(this);
      } else {
        commit(null, false);
      }
      return;
    }
    Throwable failure = content.failure();
    if (failure != null) {
      content.release();
      stopped = true;
      exchange.upstreamBodyFailed(failure);
      return;
    }
    exchange.moments().firstByte();
    boolean last = content.last();
    if (committed) {
      HeaderList trailers = last ? trailers() : null;
      writing(content.size(), last);
      inbound.write(content, last, trailers, this);
    } else if (last && trailers() != null) {
      // Trailers follow with the empty end, which the source gives when it is read again.
      commit(content, false);
    } else {
      commit(content, last);
    }
  }

  private @Nullable HeaderList trailers() {
    HeaderList trailers = body == null ? null : body.trailers();
    if (trailers != null) FieldRules.dropHopByHop(trailers);
    return trailers;
  }

  private void commit(@Nullable Content first, boolean last) {
    if (!exchange.answer(status)) {
      if (first != null) first.release();
      if (body != null) body.abort(new IllegalStateException("the exchange is over"));
      stopped = true;
      return;
    }
    committed = true;
    writing(first == null ? 0 : first.size(), last);
    inbound.respond(status, headers, first, last, this);
  }

  private void writing(int size, boolean last) {
    writing = true;
    lastWritten = last;
    writingBytes = size;
    exchange.timer().clientTakes(bytes + size);
  }
}
