package dev.headgate.jetty.server;

import dev.headgate.jetty.io.Deadlines;

/** A client's connection, of whatever version, as its listener sees it. */
interface ServedConnection extends Deadlines.Bound {
  /** Ends it as soon as nothing is under way; the client is told where the protocol can. */
  void retire();

  /** Ends it at once. */
  void breakOff();
}
