package dev.headgate.plugins.metrics;

import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client that all sessions of a plugin object share: made when first needed, given up when
 * the last session ends. Thread-safe.
 */
final class SharedHttp {
  private int users;
  private @Nullable HttpClient client;

  synchronized void open() {
    users++;
  }

  /** Returns the client. It follows no redirects: cookies are for the endpoint and nobody else. */
  synchronized HttpClient client() {
    HttpClient current = client;
    if (current == null) {
      current =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      client = current;
    }
    return current;
  }

  /**
   * Ends one use. The last one closes the client where the JDK can do that (21 and newer), waiting
   * for calls that are still under way; older ones end its thread once it is garbage.
   */
  void close() throws Exception {
    HttpClient last;
    synchronized (this) {
      if (--users > 0) return;
      last = client;
      client = null;
    }
    if ((Object) last instanceof AutoCloseable closeable) closeable.close();
  }
}
