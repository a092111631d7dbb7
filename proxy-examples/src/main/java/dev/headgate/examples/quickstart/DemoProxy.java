package dev.headgate.examples.quickstart;

import dev.headgate.Proxy;
import dev.headgate.api.Session;
import dev.headgate.api.http.HeaderField;
import dev.headgate.examples.quickstart.TokenCounterPlugin.Answer;
import dev.headgate.plugins.headers.HeaderInjectionPlugin;
import dev.headgate.plugins.logging.LogFile;
import dev.headgate.plugins.logging.LoggingPlugin;
import dev.headgate.plugins.metrics.MetricsSyncPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The proxy of the quick start with its upstream, its plugins, and a directory for their files,
 * which lives as long as it does.
 */
final class DemoProxy implements AutoCloseable {
  private final EventStreamUpstream embedded;
  private final Path directory;
  private final SentHeadPlugin sentHead = new SentHeadPlugin();
  private final URI target;
  private final Proxy proxy;
  private boolean stopped;

  private DemoProxy(
      EventStreamUpstream embedded,
      Path directory,
      @Nullable URI target,
      Consumer<? super Answer> told) {
    this.embedded = embedded;
    this.directory = directory;
    this.target = target == null ? embedded.uri() : target;
    this.proxy =
        Proxy.builder()
            .route("/**", this.target.toString())
            .session(Session.builder("quickstart").agent("quickstart").model("demo").build())
            .plugin(HeaderInjectionPlugin.builder().cli("quickstart", "1.0").build())
            .plugin(
                LoggingPlugin.builder().errorLevel(Level.INFO).file(LogFile.in(directory)).build())
            .plugin(
                MetricsSyncPlugin.builder()
                    .directory(directory)
                    .endpoint(embedded.uri().resolve("/v1/metrics"))
                    .environment(Map.of())
                    .build())
            .plugin(new TokenCounterPlugin(told))
            .plugin(sentHead)
            .grace(Duration.ofSeconds(2))
            .start();
  }

  /**
   * Starts it.
   *
   * @param target the upstream; null for the embedded one
   * @param pace how fast the embedded one speaks
   * @param told told of each answer when its exchange has ended
   */
  static DemoProxy start(
      @Nullable URI target, EventStreamUpstream.Pace pace, Consumer<? super Answer> told)
      throws IOException {
    EventStreamUpstream embedded = EventStreamUpstream.start(pace);
    Path directory = null;
    boolean started = false;
    try {
      directory = Files.createTempDirectory("headgate-quickstart");
      DemoProxy demo = new DemoProxy(embedded, directory, target, told);
      started = true;
      return demo;
    } finally {
      if (!started) {
        embedded.close();
        if (directory != null) delete(directory);
      }
    }
  }

  Proxy proxy() {
    return proxy;
  }

  /** Returns where requests go. */
  URI target() {
    return target;
  }

  /** Returns what the header plugin added to the last request. */
  List<HeaderField> addedFields() {
    return sentHead.fields("X-Headgate-");
  }

  /** Stops the proxy: plugins write and send what they still hold. */
  void stop() {
    proxy.stop();
    stopped = true;
  }

  /** Returns what the logging plugin wrote; complete once the proxy has been stopped. */
  List<String> logLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files()) {
      if (file.getFileName().toString().endsWith(".log")) lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  /** Returns the records that the metrics plugin wrote; complete once the proxy was stopped. */
  List<String> metricRecords() throws IOException {
    return Files.readAllLines(directory.resolve("quickstart_metrics.jsonl"));
  }

  /** Returns what the metrics plugin has sent. */
  List<String> sentMetrics() {
    return embedded.metrics();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.sorted().toList();
    }
  }

  @Override
  public void close() {
    if (!stopped) stop();
    embedded.close();
    delete(directory);
  }

  private static void delete(Path directory) {
    try (Stream<Path> found = Files.walk(directory)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("can't delete " + directory, e);
    }
  }
}
