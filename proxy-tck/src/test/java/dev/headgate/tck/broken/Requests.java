package dev.headgate.tck.broken;

import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.UpstreamRequest;

/** Makes other requests of requests to upstreams. */
final class Requests {
  private Requests() {}

  static UpstreamRequest withBody(UpstreamRequest request, BodySource body) {
    return new UpstreamRequest(
        request.destination(),
        request.method(),
        request.pathAndQuery(),
        request.headers(),
        body,
        request.expectContinue(),
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  static UpstreamRequest withTarget(UpstreamRequest request, String pathAndQuery) {
    return new UpstreamRequest(
        request.destination(),
        request.method(),
        pathAndQuery,
        request.headers(),
        request.body(),
        request.expectContinue(),
        request.connectTimeoutNanos(),
        request.tlsTimeoutNanos());
  }

  static UpstreamRequest withConnectTimeout(UpstreamRequest request, long nanos) {
    return new UpstreamRequest(
        request.destination(),
        request.method(),
        request.pathAndQuery(),
        request.headers(),
        request.body(),
        request.expectContinue(),
        nanos,
        request.tlsTimeoutNanos());
  }
}
