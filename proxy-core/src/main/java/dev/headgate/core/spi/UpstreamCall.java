package dev.headgate.core.spi;

/** A request on its way. Thread-safe. */
public interface UpstreamCall {
  /**
   * Gives up, in whatever phase: the connection is closed (or the stream reset) at once, so that
   * the upstream sees it; a request that waits for a connection leaves the queue. The request's
   * body is aborted, the response's body fails. Idempotent, and without effect when request and
   * response are complete.
   *
   * @param reason why
   */
  void abort(Throwable reason);
}
