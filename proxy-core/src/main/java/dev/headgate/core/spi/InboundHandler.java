package dev.headgate.core.spi;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;

/** Takes what a listener receives. Thread-safe. */
public interface InboundHandler {
  /**
   * Takes an exchange whose request head has been read. Called on an I/O thread; returns soon and
   * never throws.
   *
   * @param exchange the exchange, to be answered or aborted
   */
  void handle(InboundExchange exchange);

  /**
   * Returns what to tell a client whose request could not be parsed; the listener then closes its
   * connection.
   *
   * @param code what was wrong with it
   * @param detail a sentence for the client
   * @return the error response, with all its fields
   */
  DirectResponse reject(ErrorCode code, String detail);
}
