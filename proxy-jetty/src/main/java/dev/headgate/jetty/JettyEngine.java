package dev.headgate.jetty;

import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.core.spi.Listener;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.jetty.client.JettyClient;
import dev.headgate.jetty.io.SharedSelectors;
import dev.headgate.jetty.server.JettyListener;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads, selectors, scheduler, buffers and upstream client of any number of proxies. Thread-safe.
 */
final class JettyEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(JettyEngine.class);

  /** Threads that a burst needed are given back soon. */
  private static final int THREAD_IDLE_MILLIS = 10_000;

  private final QueuedThreadPool threads;
  private final TimerThread timer;
  private final SharedSelectors selectors;
  private final EngineParts parts;
  private final BlockingThreads blocking;
  private final JettyClient upstream;
  private final Set<JettyListener> listeners = ConcurrentHashMap.newKeySet();
  private boolean closed;

  private JettyEngine(
      QueuedThreadPool threads,
      TimerThread timer,
      SharedSelectors selectors,
      EngineParts parts,
      BlockingThreads blocking,
      JettyClient upstream) {
    this.threads = threads;
    this.timer = timer;
    this.selectors = selectors;
    this.parts = parts;
    this.blocking = blocking;
    this.upstream = upstream;
  }

  /**
   * Starts an engine.
   *
   * @param options sizes and limits
   * @param parts buffers and TLS
   * @return a running engine
   * @throws Exception if a part can't be started; nothing is left behind
   */
  static JettyEngine start(EngineOptions options, EngineParts parts) throws Exception {
    int selectorCount = options.ioThreads();
    QueuedThreadPool threads =
        new QueuedThreadPool(
            options.maxThreads(), Math.min(options.maxThreads(), selectorCount + 2));
    threads.setName(options.name());
    threads.setReservedThreads(0);
    threads.setIdleTimeout(THREAD_IDLE_MILLIS);
    threads.setMaxEvictCount(options.maxThreads());
    TimerThread timer = new TimerThread(options.name() + "-timer");
    Scheduler scheduler = timer.scheduler();
    SharedSelectors selectors =
        new SharedSelectors(threads, scheduler, selectorCount, parts.socketBufferBytes());
    BlockingThreads blocking = new BlockingThreads(options.name());
    boolean started = false;
    try {
      threads.start();
      scheduler.start();
      selectors.start();
      JettyClient upstream =
          new JettyClient(options, selectors, blocking, parts.buffers(), parts.tls());
      started = true;
      return new JettyEngine(threads, timer, selectors, parts, blocking, upstream);
    } finally {
      if (!started) stop(parts, selectors, blocking, timer, threads);
    }
  }

  @Override
  public Listener listen(ListenOptions options, InboundHandler handler) throws IOException {
    JettyListener[] opened = new JettyListener[1];
    JettyListener listener =
        JettyListener.open(
            selectors, parts.buffers(), options, handler, () -> listeners.remove(opened[0]));
    opened[0] = listener;
    listeners.add(listener);
    return listener;
  }

  @Override
  public UpstreamClient upstream() {
    return upstream;
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
    if (delayNanos <= 0) {
      execute(task);
      return () -> {};
    }
    // The timer's thread only hands over, so that no task keeps the others waiting.
    Scheduler.Task scheduled =
        timer.scheduler().schedule(() -> execute(task), delayNanos, TimeUnit.NANOSECONDS);
    return scheduled::cancel;
  }

  private void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("a timer fired while the engine stopped", e);
    }
  }

  @Override
  public Executor executor() {
    return threads;
  }

  @Override
  public Executor blockingExecutor() {
    return blocking;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) return;
      closed = true;
    }
    listeners.forEach(JettyListener::close);
    upstream.stop();
    stop(parts, selectors, blocking, timer, threads);
  }

  private static void stop(
      EngineParts parts,
      SharedSelectors selectors,
      BlockingThreads blocking,
      TimerThread timer,
      QueuedThreadPool threads) {
    LifeCycle.stop(selectors);
    LifeCycle.stop(parts.tls());
    blocking.close();
    timer.close();
    LifeCycle.stop(threads);
  }
}
