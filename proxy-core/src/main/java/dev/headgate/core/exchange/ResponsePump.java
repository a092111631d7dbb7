package dev.headgate.core.exchange;

import dev.headgate.core.error.ErrorRenderer;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodyPump;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.InboundExchange;
import org.jspecify.annotations.Nullable;

/**
 * Step 10: moves a response to the client. The head goes out with the first piece of the body where
 * that is at hand, else at once by itself (rule 39); the next piece is read when the last one has
 * been taken.
 */
final class ResponsePump extends BodyPump {
  private final Exchange exchange;
  private final InboundExchange inbound;
  private final int status;
  private final HeaderList headers;
  private final @Nullable BodySource body;

  private boolean committed;
  private int writingBytes;
  private volatile long bytes;

  ResponsePump(Exchange exchange, int status, HeaderList headers, @Nullable BodySource body) {
    this.exchange = exchange;
    this.inbound = exchange.inbound();
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  long bytes() {
    return bytes;
  }

  /** Breaks the body off. */
  void abort(Throwable reason) {
    BodySource source = body;
    if (source != null) source.abort(reason);
  }

  @Override
  protected void next() {
    if (body == null) {
      commit(null, true);
    } else {
      read(body);
    }
  }

  @Override
  protected void nothingYet(BodySource source) {
    if (committed) {
      super.nothingYet(source);
    } else {
      commit(null, false);
    }
  }

  @Override
  protected void write(Content content, boolean last) {
    exchange.moments().firstByte();
    if (committed) {
      HeaderList trailers = last ? trailers() : null;
      begin(content.size(), last);
      inbound.write(content, last, trailers, this);
    } else if (last && trailers() != null) {
      // Trailers follow with the empty end, which the source gives when it is read again.
      commit(content, false);
    } else {
      commit(content, last);
    }
  }

  private @Nullable HeaderList trailers() {
    return body == null ? null : body.trailers();
  }

  private void commit(@Nullable Content first, boolean last) {
    if (!exchange.answer(status)) {
      if (first != null) first.release();
      if (body != null) body.abort(new IllegalStateException("the exchange is over"));
      stop();
      return;
    }
    committed = true;
    // As late as can be: a hook may have failed on the piece that goes out with the head.
    String note = exchange.failOpenNote();
    if (note != null) headers.append(ErrorRenderer.PROXY_STATUS, note);
    begin(first == null ? 0 : first.size(), last);
    inbound.respond(status, headers, first, last, this);
  }

  private void begin(int size, boolean last) {
    writing(last);
    writingBytes = size;
    exchange.timer().clientTakes(bytes + size);
  }

  @Override
  protected boolean taken(boolean last) {
    long before = bytes;
    bytes = before + writingBytes;
    if (!last) exchange.timer().response(null);
    return true;
  }

  @Override
  protected void ended() {
    exchange.completed();
  }

  @Override
  protected void readFailed(Throwable reason) {
    exchange.upstreamBodyFailed(reason);
  }

  @Override
  protected void writeFailed(Throwable reason) {
    exchange.clientGone(reason);
  }
}
