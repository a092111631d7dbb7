package dev.headgate.benchmarks.compare;

import org.jspecify.annotations.Nullable;

/**
 * A way to the upstream, to be measured.
 *
 * @param name the peer's name
 * @param proxy the peer's process; null for the direct way
 * @param upstream the upstream's process
 * @param way how clients speak to it
 * @param forward whether clients name the upstream in each request
 */
record Subject(String name, @Nullable Running proxy, Running upstream, Way way, boolean forward)
    implements AutoCloseable {
  /** Returns the port that clients connect to. */
  int port() {
    return proxy == null ? upstream.port() : proxy.port();
  }

  /** Returns the Host that clients name. */
  String host() {
    return "127.0.0.1:" + (forward || tunnel() ? upstream.port() : port());
  }

  /** Returns whether clients open a tunnel first. */
  boolean tunnel() {
    return way == Way.TUNNEL && proxy != null;
  }

  /** Returns what clients write into the request line. */
  String requestTarget(String path) {
    return forward && !tunnel() ? "http://" + host() + path : path;
  }

  /** Ends the peer, not the upstream. */
  @Override
  public void close() {
    if (proxy != null) proxy.close();
  }
}
