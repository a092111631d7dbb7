package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Event streams that have begun and say no more: what each holds, and whether it is given back.
 *
 * @param streams how many
 */
record IdleCase(int streams) implements Case {
  private static final int WARM_UP = 50;
  private static final double BYTES_PER_KIB = 1024;
  private static final Duration OPENING = Duration.ofSeconds(30);
  private static final Duration CLOSING = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "idle-" + streams;
  }

  @Override
  public String title() {
    return streams
        + " idle event streams: memory of each, garbage aside, and the sockets that the proxy still"
        + " has "
        + CLOSING.toSeconds()
        + " s after the clients closed theirs";
  }

  @Override
  public Origin origin() {
    return Origin.STREAMS;
  }

  @Override
  public boolean fresh() {
    return true;
  }

  @Override
  public List<Figure> columns() {
    return List.of(
        Figure.STARTED,
        Figure.KIB_PER_STREAM,
        Figure.HEAP_KIB_PER_STREAM,
        Figure.RSS_MIB,
        Figure.THREADS,
        Figure.SOCKETS_LEFT);
  }

  @Override
  public void warmUp(Subject subject, Duration time) throws IOException, InterruptedException {
    open(subject, WARM_UP).close();
    TimeUnit.MILLISECONDS.sleep(CLOSING.toMillis());
  }

  private static EventClient open(Subject subject, int streams) throws IOException {
    EventClient clients = new EventClient(subject, "/stream/idle");
    clients.open(streams, OPENING);
    return clients;
  }

  @Override
  public Map<Figure, Double> measure(Subject subject, Duration time)
      throws IOException, InterruptedException {
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    Running proxy = subject.proxy();
    if (proxy == null) {
      try (EventClient clients = open(subject, streams)) {
        figures.put(Figure.STARTED, (double) clients.started());
      }
      return figures;
    }
    long heapBefore = proxy.collectGarbage();
    long before = Usage.of(proxy.process()).residentKib();
    int sockets = Usage.sockets(proxy.process());
    try (EventClient clients = open(subject, streams)) {
      double started = clients.started();
      figures.put(Figure.STARTED, started);
      Meter.of(proxy).addState(figures);
      double heap = proxy.collectGarbage() - heapBefore;
      long held = Usage.of(proxy.process()).residentKib() - before;
      if (started > 0) {
        figures.put(Figure.KIB_PER_STREAM, held / started);
        if (heap > 0) figures.put(Figure.HEAP_KIB_PER_STREAM, heap / BYTES_PER_KIB / started);
      }
    }
    TimeUnit.MILLISECONDS.sleep(CLOSING.toMillis());
    figures.put(Figure.SOCKETS_LEFT, (double) (Usage.sockets(proxy.process()) - sockets));
    return figures;
  }
}
