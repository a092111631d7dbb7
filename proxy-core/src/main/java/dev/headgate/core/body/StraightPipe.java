package dev.headgate.core.body;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import org.jspecify.annotations.Nullable;

/**
 * A body that no hook looks at: counts and limits it, and adds nothing to what it costs. To its
 * host it is what a {@link ChunkPipe} without links would be.
 */
public final class StraightPipe implements BodyPipe {
  private final BodySource source;
  private final PipeHost host;
  private final long maxBytes;
  private volatile long bytes;
  private volatile boolean ended;

  /** Whether the host knows of the failure that the reader sees, or caused it. */
  private volatile boolean broken;

  /**
   * Makes a pipe.
   *
   * @param source where the body comes from
   * @param host the exchange
   * @param maxBytes most bytes to read; −1 for no limit
   */
  public StraightPipe(BodySource source, PipeHost host, long maxBytes) {
    this.source = source;
    this.host = host;
    this.maxBytes = maxBytes;
    source.bulk();
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public boolean finished() {
    return ended;
  }

  @Override
  public @Nullable Content read() {
    if (ended) return HeapContent.end();
    Content content = source.read();
    if (content == null) return null;
    Throwable failure = content.failure();
    if (failure != null) {
      broke(failure);
      return content;
    }
    host.gotInput();
    long total = bytes + content.size();
    bytes = total;
    if (maxBytes >= 0 && total > maxBytes) {
      content.release();
      Throwable exceeded = BodyLimit.exceeded(maxBytes);
      source.abort(exceeded);
      broke(exceeded);
      return HeapContent.failed(exceeded);
    }
    ended = content.last();
    return content;
  }

  private void broke(Throwable reason) {
    if (broken) return;
    broken = true;
    host.broken(reason);
  }

  @Override
  public void demand(Runnable ready) {
    if (ended) {
      ready.run();
    } else {
      host.awaitingInput();
      source.demand(ready);
    }
  }

  @Override
  public void abort(Throwable reason) {
    if (ended) return;
    broken = true;
    source.abort(reason);
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public @Nullable HeaderList trailers() {
    return host.trailers(source.trailers());
  }
}
