package dev.headgate.core.spi;

import java.net.InetSocketAddress;

/** An open listener. Thread-safe. */
public interface Listener {
  /**
   * Returns where it listens.
   *
   * @return the bound address, with the port that was chosen
   */
  InetSocketAddress address();

  /** Begins to take connections; until then they wait. Called once. */
  void start();

  /**
   * Takes no further connections; closes those without an exchange and lets the others end with
   * theirs ({@code Connection: close}). Exchanges that still come in on a living connection are
   * handed over as usual.
   */
  void stopAccepting();

  /** Closes the listener and all its connections at once. Returns when that is done. Idempotent. */
  void close();
}
