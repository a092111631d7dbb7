package dev.headgate.tck.broken;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InspectedHandler;

/** Passes all on to the handler within. Thread-safe if that is. */
public class ForwardingInspected implements InspectedHandler {
  private final InspectedHandler handler;

  /**
   * Wraps it.
   *
   * @param handler the handler within
   */
  public ForwardingInspected(InspectedHandler handler) {
    this.handler = handler;
  }

  @Override
  public void handle(InboundExchange exchange) {
    handler.handle(exchange);
  }

  @Override
  public DirectResponse reject(ErrorCode code, String detail) {
    return handler.reject(code, detail);
  }

  @Override
  public boolean http2() {
    return handler.http2();
  }

  @Override
  public void refused(Throwable reason) {
    handler.refused(reason);
  }
}
