package dev.headgate;

import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Threads, buffers and upstream connections that proxies share. A proxy that is given none uses a
 * common one, which starts with the first such proxy and ends with the last. Thread-safe.
 */
public final class ProxyEngine implements AutoCloseable {
  private static final Map<String, ProxyEngine> COMMON = new HashMap<>();

  private final Backend backend;
  private final Engine engine;
  private final @Nullable String common;
  private int users;
  private volatile boolean closed;

  private ProxyEngine(Backend backend, Engine engine, @Nullable String common) {
    this.backend = backend;
    this.engine = engine;
    this.common = common;
  }

  /**
   * Starts an engine on the backend that {@link java.util.ServiceLoader} finds.
   *
   * @param options sizes and limits
   * @return a running engine; close it after its last proxy
   * @throws ConfigurationException if there is no backend, or more than one
   * @throws StartException if it can't be started
   */
  public static ProxyEngine start(EngineOptions options) {
    List<String> mistakes = new ArrayList<>();
    Backend backend = Backends.find(null, mistakes);
    if (backend == null) throw new ConfigurationException(mistakes);
    return start(backend, options);
  }

  /**
   * Starts an engine on a backend.
   *
   * @param backend the backend
   * @param options sizes and limits
   * @return a running engine; close it after its last proxy
   * @throws StartException if it can't be started
   */
  public static ProxyEngine start(Backend backend, EngineOptions options) {
    return new ProxyEngine(backend, run(backend, options), null);
  }

  private static Engine run(Backend backend, EngineOptions options) {
    try {
      return backend.start(options);
    } catch (Exception e) {
      throw new StartException("backend '" + backend.name() + "' could not be started: " + e, e);
    }
  }

  /** Returns the common engine of a backend, for one more user. */
  static ProxyEngine common(Backend backend) {
    synchronized (COMMON) {
      ProxyEngine there = COMMON.get(backend.name());
      if (there == null) {
        Engine engine = run(backend, EngineOptions.defaults());
        there = new ProxyEngine(backend, engine, backend.name());
        COMMON.put(backend.name(), there);
      }
      there.users++;
      return there;
    }
  }

  /** A proxy that used this engine has been stopped. */
  void release() {
    if (common == null) return;
    synchronized (COMMON) {
      if (--users > 0) return;
      COMMON.remove(common);
    }
    engine.close();
  }

  Engine running() {
    return engine;
  }

  /** Whether its owner has closed it. */
  boolean closed() {
    return closed;
  }

  /**
   * Returns the backend it runs on.
   *
   * @return the backend
   */
  public Backend backend() {
    return backend;
  }

  /** Stops it and waits for that. Proxies that still use it are broken off. Idempotent. */
  @Override
  public void close() {
    closed = true;
    engine.close();
  }
}
