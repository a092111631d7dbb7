package dev.headgate.plugins.metrics;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What one proxy's metrics go by, checked. Immutable.
 *
 * @param directory where the session's files lie
 * @param endpoint where metrics are POSTed to
 * @param interval how long between two syncs
 * @param name the metric's name
 * @param attributes the metric's attributes beside those of the session
 * @param requestTimeout how long one attempt may take, credentials included
 */
record MetricsSettings(
    Path directory,
    URI endpoint,
    Duration interval,
    String name,
    Map<String, String> attributes,
    Duration requestTimeout) {

  /** Returns the endpoint for logs: without user info, query and fragment, which may be secrets. */
  String endpointForLogs() {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + port + endpoint.getRawPath();
  }

  /** Whether cookies would cross a network for all to read. */
  boolean cleartext() {
    String host = endpoint.getHost();
    boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return "http".equalsIgnoreCase(endpoint.getScheme()) && !local;
  }
}
