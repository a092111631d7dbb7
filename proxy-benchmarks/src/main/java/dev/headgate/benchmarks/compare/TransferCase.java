package dev.headgate.benchmarks.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One 100 MiB body after the other, by one client.
 *
 * @param name its name
 * @param title what it is
 * @param up whether the client sends them
 * @param way how the peers are spoken to
 */
record TransferCase(String name, String title, boolean up, Way way) implements Case {
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_MILLI = 1e3;

  @Override
  public Origin origin() {
    return up ? Origin.STREAMS : Origin.FILES;
  }

  @Override
  public List<Figure> columns() {
    return List.of(
        Figure.MEGABYTES_PER_SECOND,
        Figure.CPU_MILLIS_PER_TRANSFER,
        Figure.RSS_MIB,
        Figure.THREADS);
  }

  @Override
  public void warmUp(Subject subject, Duration time) throws IOException {
    repeat(subject, time.dividedBy(3));
  }

  @Override
  public Map<Figure, Double> measure(Subject subject, Duration time) throws IOException {
    Optional<Meter> proxy = Optional.ofNullable(subject.proxy()).map(Meter::of);
    long start = System.nanoTime();
    int transfers = repeat(subject, time);
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;

    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(
        Figure.MEGABYTES_PER_SECOND,
        transfers * (double) DaemonFiles.FILE_BYTES / BYTES_PER_MEGABYTE / seconds);
    proxy.ifPresent(
        meter -> {
          double micros = meter.cpuMicros() / transfers;
          figures.put(Figure.CPU_MILLIS_PER_TRANSFER, micros / MICROS_PER_MILLI);
          meter.addState(figures);
        });
    return figures;
  }

  private int repeat(Subject subject, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    int transfers = 0;
    do {
      transfer(subject);
      transfers++;
    } while (System.nanoTime() - end < 0);
    return transfers;
  }

  private void transfer(Subject subject) throws IOException {
    long bytes = DaemonFiles.FILE_BYTES;
    String method = up ? "PUT" : "GET";
    String path = up ? "/upload" : "/large";
    String fields = (up ? "Content-Length: " + bytes + "\r\n" : "") + "Connection: close\r\n";
    try (Client client = Client.request(subject, method, path, fields)) {
      if (up) {
        client.send(bytes);
        check(client.first());
      } else {
        String first = client.first();
        check(first);
        // Every peer passes the upstream's Content-Length on; were it chunked, this would end
        // short.
        int body = first.indexOf("\r\n\r\n") + 4;
        long received = client.read(bytes - (first.length() - body)) + first.length() - body;
        if (received < bytes) throw new IOException("got " + received + " of " + bytes + " bytes");
      }
    }
  }

  private static void check(String answer) throws IOException {
    if (!answer.startsWith("HTTP/1.1 200 ")) {
      throw new IOException("answered " + answer.lines().findFirst().orElse("nothing"));
    }
  }
}
