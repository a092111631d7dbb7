package dev.headgate.jetty.client;

import dev.headgate.core.spi.UpstreamRequest;
import java.util.Set;

/**
 * Which requests may be sent again, and how often one was. One that the upstream may have seen is
 * sent once more at most; one that it said it has not processed, and one that never left, may be
 * sent more often (RFC 9113 sections 6.8 and 8.7): a connection that ends for its age takes many of
 * those with it, and the next may be as old. Not thread-safe.
 */
final class Retries {
  /** Why a request may be sent again. */
  enum Reason {
    /** It may not. */
    NONE,
    /** A connection that was used before ended, or the stream was refused. */
    LOST,
    /** The connection takes no further streams: this one was not processed. */
    PASSED_OVER
  }

  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

  /** How many connections in a row may pass over one request. */
  private static final int MOST_PASSED_OVER = 10;

  private boolean lost;
  private int passedOver;

  /**
   * Which requests may be sent once more when a pooled connection turns out to have been closed:
   * none that has a body, as it may have been taken in part, and none whose method is not
   * idempotent (RFC 9110 section 9.2.2).
   */
  static boolean allow(UpstreamRequest request) {
    return request.body() == null && IDEMPOTENT.contains(request.method());
  }

  boolean mayStill(Reason reason) {
    return switch (reason) {
      case NONE -> false;
      case LOST -> !lost;
      case PASSED_OVER -> passedOver < MOST_PASSED_OVER;
    };
  }

  /** Counts one, if it is allowed. */
  boolean take(Reason reason) {
    if (!mayStill(reason)) return false;
    if (reason == Reason.LOST) {
      lost = true;
    } else {
      passedOver++;
    }
    return true;
  }
}
