package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.http1.FieldBytes;
import dev.headgate.jetty.http1.MessageWriter;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request: its head with the first piece of the body where that is at hand, the rest by
 * demand.
 */
final class RequestPump implements Completion, Runnable {
  private static final AtomicIntegerFieldUpdater<RequestPump> WORK =
      AtomicIntegerFieldUpdater.newUpdater(RequestPump.class, "work");

  private static final String VERSION = " HTTP/1.1";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  private final Transfer transfer;
  private final UpstreamRequest request;
  private final MessageWriter writer;

  @SuppressWarnings("unused") // by the updater
  private volatile int work;

  // Written by whoever iterates; handed over by the work counter.
  private boolean begun;
  private boolean writing;
  private volatile boolean lastTaken;
  private volatile boolean stopped;
  private volatile boolean written;
  private volatile boolean mayProceed;
  private volatile @Nullable Throwable writeFailure;

  RequestPump(Transfer transfer, UpstreamRequest request, MessageWriter writer) {
    this.transfer = transfer;
    this.request = request;
    this.writer = writer;
    this.mayProceed = !request.expectContinue();
  }

  /** Starts it, and goes on when the body has its next piece. */
  @Override
  public void run() {
    iterate();
  }

  /** The upstream said 100: the body may follow. */
  void proceed() {
    if (mayProceed) return;
    mayProceed = true;
    iterate();
  }

  /** Whether the body may follow the head. */
  boolean mayProceed() {
    return mayProceed;
  }

  /** Whether nothing of the request is left to be read; its last write may be under way. */
  boolean lastTaken() {
    return lastTaken;
  }

  /** Nothing further is to be read or written. */
  void stop() {
    stopped = true;
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
        transfer.writeFailed(failure);
        return;
      }
      if (lastTaken) {
        stopped = true;
        transfer.requestSent();
        return;
      }
    }
    if (stopped) return;
    BodySource body = request.body();
    if (!begun) {
      begin(body);
    } else if (body != null && mayProceed) {
      Content content = body.read();
      if (content == null) {
        body.demand(this);
      } else {
        send(content, body);
      }
    }
  }

  private void begin(@Nullable BodySource body) {
    begun = true;
    Content first = body != null && mayProceed ? body.read() : null;
    if (first != null && first.failure() != null) {
      send(first, body);
      return;
    }
    putHead(body);
    if (body == null) {
      lastTaken = true;
      writing = true;
      writer.send(null, true, null, this);
    } else if (first == null) {
      writing = true;
      writer.send(null, false, null, this);
    } else {
      send(first, body);
    }
  }

  private void send(Content content, @Nullable BodySource body) {
    Throwable failure = content.failure();
    if (failure != null) {
      content.release();
      stopped = true;
      transfer.requestBodyFailed(failure);
      return;
    }
    boolean last = content.last();
    HeaderList trailers = last && body != null ? body.trailers() : null;
    lastTaken = last;
    writing = true;
    writer.send(content, last, trailers, this);
  }

  private void putHead(@Nullable BodySource body) {
    HeaderList headers = request.headers();
    int size =
        request.method().length()
            + request.pathAndQuery().length()
            + FieldBytes.size(headers)
            + VERSION.length()
            + CHUNKED.length()
            + 8;
    writer.begin();
    ByteBuffer out = writer.head(size);
    FieldBytes.putText(out, request.method());
    out.put((byte) ' ');
    FieldBytes.putText(out, request.pathAndQuery());
    FieldBytes.putText(out, VERSION);
    FieldBytes.endLine(out);
    FieldBytes.put(out, headers);
    if (body != null && body.length() < 0) {
      writer.chunked();
      FieldBytes.putText(out, CHUNKED);
      FieldBytes.endLine(out);
    } else if (body != null) {
      writer.length(body.length());
    }
    FieldBytes.endLine(out);
  }
}
