package dev.headgate.jetty.client;

import org.eclipse.jetty.io.CyclicTimeouts;

/** A connection to an upstream, of whatever version, as the client sees it. */
interface PooledConnection extends CyclicTimeouts.Expirable {
  /** It has been unused for too long. */
  void expired();

  /** Closes it; what is under way on it fails. */
  void discard();
}
