package dev.headgate.jetty.http2;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.jetty.http1.PooledContent;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes on a stream, read by demand. What has not been read keeps the stream's window
 * closed, so that no more than one window is under way (RFC 9113 section 5.2).
 */
public final class StreamBody implements BodySource {
  private final HTTP2Stream stream;
  private final long length;
  private final Owner owner;

  /** Of the reader. */
  private long received;

  private volatile boolean lastRead;
  private volatile @Nullable HeaderList trailers;

  // Guarded by this.
  private @Nullable Runnable demanded;
  private @Nullable Throwable failure;

  /** Whose body it is. */
  public interface Owner {
    /** The body is wanted. Called before each read and demand. */
    void wanted();

    /**
     * The last content has been read.
     *
     * @param body the body
     */
    void ended(StreamBody body);

    /**
     * The body is not as long as it said: the message is malformed.
     *
     * @return the failure for the reader
     */
    Throwable wrongLength();

    /**
     * The core wants no more of it.
     *
     * @param reason why
     */
    void abandoned(Throwable reason);
  }

  /**
   * Makes a body.
   *
   * @param stream where it comes
   * @param length its length; −1 when it does not say
   * @param owner told what becomes of it
   */
  public StreamBody(HTTP2Stream stream, long length, Owner owner) {
    this.stream = stream;
    this.length = length;
    this.owner = owner;
  }

  @Override
  public @Nullable Content read() {
    owner.wanted();
    while (true) {
      Throwable broken = failure();
      if (broken != null) return HeapContent.failed(broken);
      if (lastRead) return HeapContent.end();
      Stream.Data data = stream.readData();
      if (data == null) {
        broken = failure();
        return broken == null ? null : HeapContent.failed(broken);
      }
      int size = data.frame().remaining();
      boolean last = data.frame().isEndStream();
      received += size;
      if (last) return last(data, size);
      if (size > 0) return new PooledContent(data.frame().getByteBuffer(), false, data);
      data.release();
    }
  }

  private Content last(Stream.Data data, int size) {
    // After a failure an end may be left where what came before it was dropped.
    Throwable broken = size == 0 && wasCut() ? failedStream() : null;
    if (broken == null && length >= 0 && received != length) broken = owner.wrongLength();
    if (broken != null) {
      data.release();
      fail(broken);
      return HeapContent.failed(broken);
    }
    lastRead = true;
    Content content;
    if (size > 0) {
      content = new PooledContent(data.frame().getByteBuffer(), true, data);
    } else {
      data.release();
      content = HeapContent.end();
    }
    owner.ended(this);
    return content;
  }

  private boolean wasCut() {
    return stream.isResetOrFailed() && !(stream instanceof KeptStream kept && kept.isWhole());
  }

  private Throwable failedStream() {
    Throwable known = failure();
    return known != null ? known : new java.io.EOFException("the stream ended early");
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void demand(Runnable ready) {
    owner.wanted();
    boolean now;
    synchronized (this) {
      if (demanded != null) throw new IllegalStateException("a demand is pending");
      now = failure != null || lastRead;
      if (!now) demanded = ready;
    }
    if (now) {
      ready.run();
    } else {
      stream.demand();
    }
  }

  /** There is something to read, after a demand. */
  public void available() {
    Runnable ready;
    synchronized (this) {
      ready = demanded;
      demanded = null;
    }
    if (ready != null) ready.run();
  }

  /**
   * Keeps trailers, which the end of the stream follows.
   *
   * @param fields the trailers
   */
  public void trailers(HeaderList fields) {
    trailers = fields;
  }

  @Override
  public void abort(Throwable reason) {
    if (lastRead) return;
    fail(reason);
    owner.abandoned(reason);
  }

  /**
   * Ends it with a failure, unless its last content was read.
   *
   * @param reason why
   */
  public void fail(Throwable reason) {
    Runnable ready;
    synchronized (this) {
      if (lastRead) return;
      if (failure == null) failure = reason;
      ready = demanded;
      demanded = null;
    }
    if (ready != null) ready.run();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable HeaderList trailers() {
    HeaderList kept = lastRead ? trailers : null;
    return kept == null ? null : kept.copy();
  }
}
