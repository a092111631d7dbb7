package dev.headgate.benchmarks.compare;

import dev.headgate.benchmarks.upstream.StreamUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Event streams: how much later an event comes, and whether the head waits for the body. */
record EventCase() implements Case {
  private static final int STREAMS = 20;
  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public String name() {
    return "events";
  }

  @Override
  public String title() {
    return STREAMS
        + " event streams, 50 B each 5 ms: from the upstream's write to the client's read;"
        + " and when a head comes whose body is "
        + StreamUpstream.HELD.toMillis()
        + " ms late";
  }

  @Override
  public Origin origin() {
    return Origin.STREAMS;
  }

  @Override
  public List<Figure> columns() {
    return List.of(
        Figure.P50_MILLIS,
        Figure.P99_MILLIS,
        Figure.HEAD_MILLIS,
        Figure.STARTED,
        Figure.RSS_MIB,
        Figure.THREADS);
  }

  @Override
  public void warmUp(Subject subject, Duration time) throws IOException {
    try (EventClient clients = new EventClient(subject, "/stream/events")) {
      clients.open(STREAMS, OPENING);
      clients.latencies(time.multipliedBy(2)); // few events a second: a JVM takes its time
    }
  }

  @Override
  public Map<Figure, Double> measure(Subject subject, Duration time) throws IOException {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    try (EventClient clients = new EventClient(subject, "/stream/events")) {
      figures.put(Figure.STARTED, (double) clients.open(STREAMS, OPENING));
      double[] latencies = clients.latencies(time);
      figures.put(Figure.P50_MILLIS, Quantiles.of(latencies, 0.5));
      figures.put(Figure.P99_MILLIS, Quantiles.of(latencies, 0.99));
      Meter.of(subject.proxy()).addState(figures);
    }
    long start = System.nanoTime();
    try (Client client = Client.request(subject, "GET", "/stream/held", "")) {
      client.first();
      figures.put(Figure.HEAD_MILLIS, (System.nanoTime() - start) / NANOS_PER_MILLI);
    }
    return figures;
  }
}
