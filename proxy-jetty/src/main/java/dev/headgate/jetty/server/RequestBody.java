package dev.headgate.jetty.server;

import dev.headgate.api.error.ClientFault;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.ProxyErrorException;
import dev.headgate.jetty.http1.BrokenBodyException;
import dev.headgate.jetty.http1.ConnectionBody;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/** The body of a request, read from the connection by demand. */
final class RequestBody extends ConnectionBody {
  private final Http1Connection connection;
  private final Http1Exchange exchange;
  private final RequestReader reader;
  private final long length;

  // Guarded by the connection's lock.
  private boolean abandoned;
  private boolean over;
  private @Nullable Throwable lost;

  RequestBody(Http1Connection connection, Http1Exchange exchange, RequestReader reader) {
    super(connection.lock(), reader);
    this.connection = connection;
    this.exchange = exchange;
    this.reader = reader;
    this.length = reader.length();
  }

  @Override
  public @Nullable Content read() {
    exchange.sendContinue();
    Content content;
    Throwable gone;
    synchronized (connection.lock()) {
      content = take();
      if (content != null && !lastRead()) connection.watchSoon();
      gone = lost;
      lost = null;
    }
    if (gone != null) exchange.clientGone(gone);
    return content;
  }

  @Override
  protected void fill(boolean wide) {
    if (connection.fill(wide) >= 0) return;
    lost = new EofException("the client closed inside its request");
    broken(lost);
  }

  @Override
  protected Throwable malformed(BrokenBodyException reason) {
    connection.unusable();
    return new ProxyErrorException(
        new ClientFault(
            ErrorCode.BAD_REQUEST,
            Phase.RECEIVE_REQUEST,
            "The request's body is malformed.",
            reason));
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
  public void demand(Runnable ready) {
    exchange.sendContinue();
    super.demand(ready);
  }

  @Override
  public void abort(Throwable reason) {
    fail(reason);
  }

  @Override
  public void fail(Throwable reason) {
    synchronized (connection.lock()) {
      if (lastRead()) return;
      abandoned = true;
    }
    super.fail(reason);
  }

  /** Lets no further read reach the connection. With the lock held. */
  void closed() {
    over = true;
    if (!lastRead()) broken(new IllegalStateException("the exchange is over"));
  }

  /** Whether what is left of it may be dropped. With the lock held. */
  boolean isAbandoned() {
    return abandoned;
  }

  @Override
  public long length() {
    return length;
  }

  /** None any more once the exchange is over: the reader may be with the next request. */
  @Override
  public @Nullable HeaderList trailers() {
    synchronized (connection.lock()) {
      return lastRead() && !over ? reader.trailers() : null;
    }
  }
}
