package dev.headgate.tck.broken;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.Session;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/** Passes all on to the context within. Thread-safe. */
public class ForwardingPluginContext implements PluginContext {
  private final PluginContext context;

  /**
   * Wraps it.
   *
   * @param context the context within
   */
  public ForwardingPluginContext(PluginContext context) {
    this.context = context;
  }

  @Override
  public String pluginId() {
    return context.pluginId();
  }

  @Override
  public Session session() {
    return context.session();
  }

  @Override
  public Map<String, String> settings() {
    return context.settings();
  }

  @Override
  public CredentialsSupplier credentials() {
    return context.credentials();
  }

  @Override
  public Logger logger() {
    return context.logger();
  }

  @Override
  public PluginScheduler scheduler() {
    return context.scheduler();
  }

  @Override
  public Executor blockingExecutor() {
    return context.blockingExecutor();
  }

  @Override
  public Clock clock() {
    return context.clock();
  }
}
