package dev.headgate.jetty.server;

import org.eclipse.jetty.io.CyclicTimeouts;

/** A client's connection, of whatever version, as its listener sees it. */
interface ServedConnection extends CyclicTimeouts.Expirable {
  /** Its deadline has come. */
  void expired();

  /** Ends it as soon as nothing is under way; the client is told where the protocol can. */
  void retire();

  /** Ends it at once. */
  void breakOff();
}
