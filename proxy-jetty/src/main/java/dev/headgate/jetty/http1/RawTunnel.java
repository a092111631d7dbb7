package dev.headgate.jetty.http1;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Completion;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Tunnel;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose HTTP has ended: raw bytes both ways. Its connection gives it the readable
 * events and takes back nothing but the end. State is guarded by the connection's lock.
 */
public abstract class RawTunnel extends ConnectionBody implements Tunnel, Completion {
  private final Object lock;
  private final EndPoint endPoint;
  private final MessageReader reader;
  private final MessageWriter writer;

  // Guarded by lock.
  private boolean outputEnded;
  private boolean over;

  // Of the write that is under way; one writer at a time.
  private @Nullable Completion done;
  private boolean last;

  /**
   * Takes over a connection, with what its reader has at hand.
   *
   * @param lock the connection's
   * @param endPoint the connection's
   * @param reader the connection's; from now on it finds nothing but raw bytes
   * @param writer the connection's; used once what is written now is out
   */
  protected RawTunnel(Object lock, EndPoint endPoint, MessageReader reader, MessageWriter writer) {
    super(lock, reader);
    this.lock = lock;
    this.endPoint = endPoint;
    this.reader = reader;
    this.writer = writer;
    bulk();
  }

  /** Closes the connection: both directions have ended, or the tunnel was broken off. */
  protected abstract void close();

  @Override
  public BodySource input() {
    return this;
  }

  // --- the input

  @Override
  public @Nullable Content read() {
    Content content;
    boolean ended;
    synchronized (lock) {
      boolean before = lastRead();
      content = take();
      ended = lastRead() && !before && outputEnded && !over;
      over |= ended;
    }
    if (ended) close();
    return content;
  }

  @Override
  protected void fill(boolean wide) {
    try {
      if (reader.fill(endPoint, wide) < 0) reader.endOfConnection();
    } catch (IOException e) {
      broken(e);
    }
  }

  @Override
  public long length() {
    return -1;
  }

  // --- the output

  @Override
  public void write(Content content, boolean isLast, Completion completion) {
    Throwable lost;
    synchronized (lock) {
      lost = over ? failed() : null;
    }
    if (lost != null) {
      content.release();
      completion.failed(lost);
      return;
    }
    done = completion;
    last = isLast;
    writer.begin();
    writer.send(content, isLast, null, this);
  }

  private Throwable failed() {
    Throwable reason = failure();
    return reason != null ? reason : new EofException("the tunnel is closed");
  }

  @Override
  public void succeeded() {
    Completion told = done;
    done = null;
    if (last) endOutput();
    if (told != null) told.succeeded();
  }

  private void endOutput() {
    boolean ended;
    synchronized (lock) {
      outputEnded = true;
      ended = lastRead() && !over;
      over |= ended;
    }
    endPoint.shutdownOutput();
    if (ended) close();
  }

  @Override
  public void failed(Throwable reason) {
    Completion told = done;
    done = null;
    if (told != null) told.failed(reason);
  }

  // --- ends

  @Override
  public void abort(Throwable reason) {
    synchronized (lock) {
      if (over) return;
      over = true;
      broken(reason);
    }
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // Closed already.
      }
    }
    close();
    lost(reason);
  }

  /**
   * The connection was closed by somebody else, or was broken off.
   *
   * @param reason why
   */
  public void lost(Throwable reason) {
    synchronized (lock) {
      over = true;
    }
    fail(reason);
  }
}
