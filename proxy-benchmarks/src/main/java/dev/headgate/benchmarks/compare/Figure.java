package dev.headgate.benchmarks.compare;

/** What is measured, with its unit and the digits worth showing. */
enum Figure {
  REQUESTS_PER_SECOND("req/s", 0),
  CPU_MICROS("CPU µs", 1),
  NORM("norm", 2),
  P50_MILLIS("p50 ms", 2),
  P99_MILLIS("p99 ms", 2),
  MEGABYTES_PER_SECOND("MB/s", 0),
  CPU_MILLIS_PER_TRANSFER("CPU ms/100 MiB", 0),
  HEAD_MILLIS("head after ms", 1),
  STARTED("streams", 0),
  KIB_PER_STREAM("RSS KiB/stream", 1),
  HEAP_KIB_PER_STREAM("heap KiB/stream", 1),
  SOCKETS_LEFT("sockets left", 0),
  RSS_MIB("RSS MiB", 0),
  THREADS("threads", 0),
  ERRORS("errors", 0);

  private final String label;
  private final int digits;

  Figure(String label, int digits) {
    this.label = label;
    this.digits = digits;
  }

  String label() {
    return label;
  }

  int digits() {
    return digits;
  }
}
