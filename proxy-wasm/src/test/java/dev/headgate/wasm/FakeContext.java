package dev.headgate.wasm;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.headgate.api.PluginContext;
import dev.headgate.api.PluginScheduler;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What a proxy gives to a plugin, for tests without a proxy. */
final class FakeContext {
  private FakeContext() {}

  static PluginContext create() {
    PluginContext context = mock(PluginContext.class);
    when(context.settings()).thenReturn(Map.of());
    when(context.logger()).thenReturn(LoggerFactory.getLogger("dev.headgate.plugin.test"));
    when(context.scheduler()).thenReturn(mock(PluginScheduler.class));
    return context;
  }
}
