package dev.headgate.jetty.client;

import dev.headgate.jetty.io.Deadlines;

/** A connection to an upstream, of whatever version, as the client sees it: expires when unused. */
interface PooledConnection extends Deadlines.Bound {
  /** Closes it; what is under way on it fails. */
  void discard();
}
