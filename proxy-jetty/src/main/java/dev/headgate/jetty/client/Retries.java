package dev.headgate.jetty.client;

import dev.headgate.core.spi.UpstreamRequest;
import java.util.Set;

/**
 * Which requests may be sent once more when a pooled connection turns out to have been closed: none
 * that has a body, as it may have been taken in part, and none whose method is not idempotent (RFC
 * 9110 section 9.2.2). Stateless.
 */
final class Retries {
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  private Retries() {}

  static boolean allow(UpstreamRequest request) {
    return request.body() == null && IDEMPOTENT.contains(request.method());
  }
}
