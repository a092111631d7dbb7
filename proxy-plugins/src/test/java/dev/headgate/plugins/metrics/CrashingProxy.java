package dev.headgate.plugins.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import dev.headgate.api.Interceptor;
import dev.headgate.api.PluginScheduler;
import dev.headgate.api.ProxyInfo;
import dev.headgate.api.ProxyPlugin;
import dev.headgate.api.Session;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * A process that counts as fast as the disk allows, syncs all the time, and waits to be killed. For
 * each delta it prints a line as soon as it knows it durable.
 */
final class CrashingProxy {
  static final String COUNTER = "n";

  private CrashingProxy() {}

  /** Starts one in a JVM of its own. It ends by itself when this JVM does. */
  static Process launch(Path directory, URI endpoint) throws IOException {
    String classPath =
        Stream.of(
                CrashingProxy.class,
                MetricsSyncPlugin.class,
                ProxyPlugin.class,
                JsonFactory.class,
                Logger.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .map(location -> Path.of(URI.create(location.toString())).toString())
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            classPath,
            CrashingProxy.class.getName(),
            directory.toString(),
            endpoint.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] args) throws Exception {
    MetricsSyncPlugin plugin =
        MetricsSyncPlugin.builder()
            .directory(Path.of(args[0]))
            .endpoint(URI.create(args[1]))
            .interval(Duration.ofMillis(10))
            .environment(Map.of())
            .build();
    Session session = MetricsHarness.session("s1");
    ExecutorService executor = Executors.newCachedThreadPool();
    Interceptor interceptor =
        plugin.createInterceptor(
            new FakeContext(
                session,
                Map.of(),
                MetricsHarness.cookies("sid", "child"),
                NOPLogger.NOP_LOGGER,
                new RealScheduler(executor),
                executor,
                Clock.systemUTC()));
    interceptor.onProxyStart(new ProxyInfo(URI.create("http://127.0.0.1:1"), "child", session));
    endWithParent();
    MetricsCollector collector = plugin.collector("s1").orElseThrow();
    for (int i = 1; ; i++) {
      collector.count(COUNTER);
      collector.flush().toCompletableFuture().get();
      System.out.println(i);
    }
  }

  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
                Runtime.getRuntime().halt(0);
              } catch (IOException e) {
                Runtime.getRuntime().halt(1);
              }
            });
    watch.setDaemon(true);
    watch.start();
  }

  private record RealScheduler(ExecutorService executor, ScheduledExecutorService timer)
      implements PluginScheduler {
    RealScheduler(ExecutorService executor) {
      this(executor, Executors.newSingleThreadScheduledExecutor());
    }

    @Override
    public Cancellation schedule(Duration delay, Runnable task) {
      Future<?> future =
          timer.schedule(() -> executor.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    }

    @Override
    public Cancellation scheduleRepeatedly(Duration delay, Runnable task) {
      long nanos = delay.toNanos();
      Future<?> future =
          timer.scheduleWithFixedDelay(
              () -> executor.execute(task), nanos, nanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    }
  }
}
