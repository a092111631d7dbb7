package dev.headgate.plugins.metrics;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.Session;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/** What a proxy offers to the plugin, as far as a test cares. */
record FakeContext(
    Session session,
    Map<String, String> settings,
    CredentialsSupplier credentials,
    Logger logger,
    PluginScheduler scheduler,
    Executor blockingExecutor,
    Clock clock)
    implements PluginContext {
  @Override
  public String pluginId() {
    return MetricsSyncPlugin.ID;
  }
}
