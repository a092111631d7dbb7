package dev.headgate.core.spi;

/** Sends requests to upstreams, over pooled connections. Thread-safe. */
public interface UpstreamClient {
  /**
   * Sends a request. Its body is read by demand, as the upstream takes it.
   *
   * @param request the request
   * @param listener told what comes back; may be called before this returns
   * @return with which to give up
   */
  UpstreamCall send(UpstreamRequest request, UpstreamListener listener);
}
