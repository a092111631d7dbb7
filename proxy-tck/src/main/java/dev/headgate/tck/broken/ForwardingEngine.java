package dev.headgate.tck.broken;

import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamClient;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executor;

/** Passes all on to the engine within. Thread-safe. */
public class ForwardingEngine implements Engine {
  private final Engine engine;

  /**
   * Wraps it.
   *
   * @param engine the engine within
   */
  public ForwardingEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
    return engine.listen(options, handler);
  }

  @Override
  public UpstreamClient upstream() {
    return engine.upstream();
  }

  @Override
  public Clock clock() {
    return engine.clock();
  }

  @Override
  public long nanoTime() {
    return engine.nanoTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    return engine.schedule(delayNanos, task);
  }

  @Override
  public Executor executor() {
    return engine.executor();
  }

  @Override
  public Executor blockingExecutor() {
    return engine.blockingExecutor();
  }

  @Override
  public void close() {
    engine.close();
  }
}
