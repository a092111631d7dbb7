package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * As many requests as fit, from a number of clients that keep their connections.
 *
 * @param name its name
 * @param title what it is
 * @param path what is asked for
 * @param clients how many
 * @param generator who asks
 * @param origin the upstream
 * @param way how the peers are spoken to
 */
record LoadCase(
    String name,
    String title,
    String path,
    int clients,
    LoadGenerator generator,
    Origin origin,
    Way way)
    implements Case {
  // The cases of the plain way warm one another up; those of the others stand alone.
  private static final int ALONE = 4;

  LoadCase(String name, String title, String path, int clients, LoadGenerator generator) {
    this(name, title, path, clients, generator, Origin.FILES, Way.PLAIN);
  }

  @Override
  public List<Figure> columns() {
    return List.of(
        Figure.REQUESTS_PER_SECOND,
        Figure.CPU_MICROS,
        Figure.NORM,
        Figure.P50_MILLIS,
        Figure.P99_MILLIS,
        Figure.RSS_MIB,
        Figure.THREADS,
        Figure.ERRORS);
  }

  @Override
  public void warmUp(Subject subject, Duration time) throws IOException, InterruptedException {
    Duration whole = way == Way.PLAIN ? time : time.multipliedBy(ALONE);
    generator.run(subject, path, clients, whole);
  }

  @Override
  public Map<Figure, Double> measure(Subject subject, Duration time)
      throws IOException, InterruptedException {
    Meter proxy = Meter.of(subject.proxy());
    Meter upstream = Meter.of(subject.upstream());
    LoadGenerator.Report report = generator.run(subject, path, clients, time);
    double upstreamMicros = upstream.cpuMicros() / report.requests();

    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.REQUESTS_PER_SECOND, report.requests() / report.seconds());
    figures.put(Figure.P50_MILLIS, report.p50Millis());
    figures.put(Figure.P99_MILLIS, report.p99Millis());
    figures.put(Figure.ERRORS, (double) report.errors());
    if (subject.proxy() != null) {
      double micros = proxy.cpuMicros() / report.requests();
      figures.put(Figure.CPU_MICROS, micros);
      figures.put(Figure.NORM, micros / upstreamMicros);
      proxy.addState(figures);
    } else {
      // The direct way costs what the upstream costs: the unit of the norm.
      figures.put(Figure.CPU_MICROS, upstreamMicros);
    }
    return figures;
  }
}
