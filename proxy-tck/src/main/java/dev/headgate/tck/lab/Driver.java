package dev.headgate.tck.lab;

import dev.headgate.ProxyEngine;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an environment puts at the disposal of one run of one rule: a fresh engine, and origins and
 * clients that can reach it. Thread-safe.
 */
public interface Driver extends AutoCloseable {
  /**
   * Returns the engine.
   *
   * @return the running engine, closed by {@link #close()}
   */
  ProxyEngine engine();

  /**
   * Opens an upstream.
   *
   * @return the upstream, closed with the driver
   */
  TestOrigin origin();

  /**
   * Connects a client.
   *
   * @param proxy where to
   * @return the connection, closed with the driver; none if it was refused
   */
  Optional<TestClient> connect(URI proxy);

  /**
   * Returns a URL whose server refuses connections.
   *
   * @return the URL
   */
  String refusingUrl();

  /**
   * Returns a URL whose host name does not exist.
   *
   * @return the URL
   */
  String unknownHostUrl();

  /**
   * Returns a URL where connecting neither succeeds nor fails.
   *
   * @return the URL
   * @throws org.opentest4j.TestAbortedException where there is no such thing
   */
  String silentUrl();

  /**
   * Returns the engine's time.
   *
   * @return the time
   */
  TestTime time();

  /** Waits until nothing is going on, where that can be known. */
  void settle();

  /** Breaks all connections of clients and origins. */
  void hangUp();

  /**
   * Tells what exchanges and proxies left behind, and what was done against the rules of the SPI.
   * Called when all proxies have stopped.
   *
   * @return a line for each thing; empty when all is well
   */
  List<String> leaks();

  /**
   * Closes the engine, then origins and clients.
   *
   * @throws AssertionError if the engine leaves something behind
   */
  @Override
  void close();
}
