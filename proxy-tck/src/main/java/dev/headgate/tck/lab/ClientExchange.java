package dev.headgate.tck.lab;

import java.util.List;

/**
 * A request that a scripted client sent, and the answer to it. As a writer it is the request's
 * body, as a reader the response's.
 */
public interface ClientExchange extends BodyReader, BodyWriter {
  /**
   * Waits for the head of the final response, passing interim ones. The same one on each call.
   *
   * @return the head
   * @throws AssertionError if the connection broke before
   */
  Head response();

  /**
   * Waits for the final response's status.
   *
   * @return the status
   */
  default int status() {
    return response().status();
  }

  /**
   * Waits for the next interim response, 100 among them.
   *
   * @return its head
   * @throws AssertionError if the final head, or nothing, came instead
   */
  Head awaitInterim();

  /**
   * Returns the interim responses that have been read.
   *
   * @return all of them, once {@link #response()} has returned
   */
  List<Head> interims();

  /**
   * Waits for the head that opens a tunnel, and goes on with what follows it.
   *
   * @return the client's end
   * @throws AssertionError if the answer is another one
   */
  TunnelEnd tunnel();

  /** Vanishes: the connection is gone at once (over sockets: reset), with all under way. */
  void vanish();
}
