package dev.headgate.plugins.logging;

import ch.qos.logback.classic.Level;
import dev.headgate.api.ExchangeSummary;
import dev.headgate.api.Interceptor;
import dev.headgate.api.Outcome;
import dev.headgate.api.Timings;
import dev.headgate.plugins.support.FakePluginContext;
import dev.headgate.plugins.support.LogRecorder;
import dev.headgate.plugins.support.ManualClock;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests of the logging plugin share: a logger that remembers, and a time that stands still.
 */
abstract class LoggingFixture {
  static final ExchangeSummary SUMMARY =
      new ExchangeSummary(Outcome.COMPLETED, 200, 10, 2000, new Timings(0, 1, 2, 3, 4, 12_345_678));

  @TempDir Path temp;
  final LogRecorder recorder = new LogRecorder(Level.DEBUG);
  final FakePluginContext context =
      new FakePluginContext()
          .logger(recorder.logger())
          .clock(ManualClock.at("2026-01-10T12:00:00Z"));

  final Interceptor interceptor(LoggingPlugin.Builder builder) {
    return builder.build().createInterceptor(context);
  }

  final Interceptor interceptor() {
    return interceptor(LoggingPlugin.builder());
  }

  final void stop(Interceptor interceptor) throws Exception {
    interceptor.onProxyStop(context.proxy());
  }
}
