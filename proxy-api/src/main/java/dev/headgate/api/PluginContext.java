package dev.headgate.api;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/** What a proxy offers to a plugin, from {@link ProxyPlugin#createInterceptor} on. Thread-safe. */
public interface PluginContext {
  /**
   * Returns the plugin's id.
   *
   * @return the id from its metadata
   */
  String pluginId();

  /**
   * Returns the session that the proxy serves.
   *
   * @return the session
   */
  Session session();

  /**
   * Returns the settings that this proxy gives to this plugin.
   *
   * @return an immutable map; empty when there are none
   */
  Map<String, String> settings();

  /**
   * Returns where the session's credentials come from.
   *
   * @return the supplier; {@link CredentialsSupplier#none()} when none was configured
   */
  CredentialsSupplier credentials();

  /**
   * Returns a logger of the plugin's own.
   *
   * @return a logger named {@code dev.headgate.plugin.<id>}
   */
  Logger logger();

  /**
   * Returns the scheduler for work outside exchanges.
   *
   * @return a scheduler whose tasks end with the interceptor
   */
  PluginScheduler scheduler();

  /**
   * Returns where work that blocks may run: virtual threads where the JDK has them, else a pool.
   *
   * @return the executor
   */
  Executor blockingExecutor();

  /**
   * Returns the proxy's clock; virtual in tests.
   *
   * @return the clock
   */
  Clock clock();
}
