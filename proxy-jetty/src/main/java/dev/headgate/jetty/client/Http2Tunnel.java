package dev.headgate.jetty.client;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;
import dev.headgate.jetty.http2.KeptStream;
import dev.headgate.jetty.http2.StreamBody;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The upstream's side of a tunnel that is a stream of HTTP/2. */
final class Http2Tunnel implements Tunnel, Callback {
  private final Http2Response transfer;
  private final KeptStream stream;
  private final StreamBody input;

  // Of the write that is under way.
  private @Nullable Content content;
  private @Nullable Completion done;
  private boolean last;

  Http2Tunnel(Http2Response transfer, KeptStream stream, StreamBody input) {
    this.transfer = transfer;
    this.stream = stream;
    this.input = input;
  }

  @Override
  public BodySource input() {
    return input;
  }

  @Override
  public void write(Content piece, boolean isLast, Completion completion) {
    boolean empty = !piece.buffer().hasRemaining();
    if (empty) piece.release();
    if (empty && !isLast) {
      completion.succeeded();
      return;
    }
    content = empty ? null : piece;
    done = completion;
    last = isLast;
    stream.data(
        new DataFrame(stream.getId(), empty ? BufferUtil.EMPTY_BUFFER : piece.buffer(), isLast),
        this);
  }

  @Override
  public void succeeded() {
    Completion told = written();
    if (last) transfer.outputEnded();
    if (told != null) told.succeeded();
  }

  @Override
  public void failed(Throwable reason) {
    Completion told = written();
    if (told != null) told.failed(reason);
    transfer.abort(reason);
  }

  private @Nullable Completion written() {
    Content sent = content;
    content = null;
    if (sent != null) sent.release();
    Completion told = done;
    done = null;
    return told;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public void abort(Throwable reason) {
    transfer.abort(reason);
  }
}
