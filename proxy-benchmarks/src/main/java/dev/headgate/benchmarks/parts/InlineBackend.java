package dev.headgate.benchmarks.parts;

import dev.headgate.api.http.HeaderField;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A backend of no sockets and no threads: all that it is asked for has happened on return. */
final class InlineBackend implements Backend, Engine, Listener, UpstreamClient {
  private static final HeaderList ANSWER =
      HeaderList.of(
          List.of(
              new HeaderField("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
              new HeaderField("Content-Type", "text/plain"),
              new HeaderField("Server", "inline")));

  private final int chunks;
  private @Nullable InboundHandler handler;

  /** An upstream that answers with a number of chunks; with no body for 0. */
  InlineBackend(int chunks) {
    this.chunks = chunks;
  }

  /** Runs an exchange, and returns it when it has ended. */
  InlineExchange exchange() {
    InlineExchange exchange = new InlineExchange();
    if (handler != null) handler.handle(exchange);
    if (!exchange.ended()) throw new IllegalStateException("the exchange has not ended");
    return exchange;
  }

  @Override
  public String name() {
    return "inline";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public Engine start(EngineOptions options) {
    return this;
  }

  @Override
  public Listener listen(ListenOptions options, InboundHandler served) {
    handler = served;
    return this;
  }

  @Override
  public UpstreamClient upstream() {
    return this;
  }

  @Override
  public UpstreamCall send(UpstreamRequest request, UpstreamListener listener) {
    listener.onConnected();
    listener.onRequestSent();
    listener.onResponse(200, ANSWER.copy(), chunks == 0 ? null : new RepeatedChunk(chunks));
    return reason -> {};
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    // Nothing is ever late here.
    return () -> {};
  }

  @Override
  public Executor executor() {
    return Runnable::run;
  }

  @Override
  public Executor blockingExecutor() {
    return Runnable::run;
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  }

  @Override
  public void start() {}

  @Override
  public void stopAccepting() {}

  @Override
  public void close() {}
}
