package dev.headgate.core.spi;

import java.util.Set;

/**
 * A way to run proxies: found by {@link java.util.ServiceLoader}, or given to the proxy's builder.
 * Stateless and thread-safe; what it runs is in the {@link Engine}s that it starts.
 */
public interface Backend {
  /**
   * Returns the name by which a backend is chosen and named in messages.
   *
   * @return such as {@code jetty}
   */
  String name();

  /**
   * Returns what it can do.
   *
   * @return an immutable set
   */
  Set<Capability> capabilities();

  /**
   * Starts the parts that proxies share: threads, scheduler, buffers, upstream connections.
   *
   * @param options sizes and limits
   * @return a running engine; the caller closes it
   * @throws Exception if it can't be started; nothing is left behind
   */
  Engine start(EngineOptions options) throws Exception;
}
