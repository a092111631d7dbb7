package dev.headgate.jetty.client;

import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Content;
import dev.headgate.jetty.http1.BrokenBodyException;
import dev.headgate.jetty.http1.ConnectionBody;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A response's body, read from the connection by demand. */
final class ResponseBody extends ConnectionBody {
  private final Transfer transfer;
  private final UpstreamConnection connection;
  private final ResponseReader reader;
  private final long length;
  private @Nullable HeaderList trailers;

  ResponseBody(Transfer transfer, UpstreamConnection connection, ResponseReader reader) {
    super(connection.lock(), reader);
    this.transfer = transfer;
    this.connection = connection;
    this.reader = reader;
    this.length = reader.length();
  }

  @Override
  public @Nullable Content read() {
    Content content;
    boolean complete;
    Throwable broken;
    synchronized (connection.lock()) {
      boolean before = lastRead() || failure() != null;
      content = take();
      complete = lastRead() && !before;
      broken = before ? null : failure();
      if (complete) trailers = reader.trailers();
    }
    if (complete) transfer.responseEnded();
    if (broken != null) transfer.abort(broken);
    return content;
  }

  @Override
  protected void fill(boolean wide) {
    try {
      if (connection.fill(wide) < 0 && !reader.endOfConnection()) {
        broken(new BrokenBodyException("the connection ended inside the response"));
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  @Override
  protected void watch() {
    connection.watch();
  }

  @Override
  protected void execute(Runnable task) {
    connection.execute(task);
  }

  @Override
  public void abort(Throwable reason) {
    synchronized (connection.lock()) {
      if (lastRead()) return;
    }
    transfer.abort(reason);
    fail(reason);
  }

  /**
   * Lets no further read succeed. With the lock held, before the connection is closed: the end of a
   * connection that was closed here must not pass for the end of a body.
   */
  void closing(Throwable reason) {
    broken(reason);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public @Nullable HeaderList trailers() {
    synchronized (connection.lock()) {
      HeaderList taken = trailers;
      return taken == null ? null : taken.copy();
    }
  }
}
