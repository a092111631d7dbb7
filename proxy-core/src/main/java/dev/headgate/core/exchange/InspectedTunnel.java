package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.core.context.ExchangeFacts;
import dev.headgate.core.egress.Inspecting;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.InboundExchange;
import dev.headgate.core.spi.InboundHandler;
import dev.headgate.core.spi.InspectedHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tunnel that is looked into: makes exchanges of the requests inside. Thread-safe. */
final class InspectedTunnel implements InspectedHandler {
  private static final Logger LOG = LoggerFactory.getLogger(InspectedTunnel.class);

  private final InboundHandler exchanges;
  private final Inspecting inspecting;
  private final Destination destination;
  private final ExchangeFacts connect;
  private final boolean http2;

  /**
   * Makes it.
   *
   * @param exchanges takes all requests of the proxy
   * @param inspecting is told of refusals
   * @param destination where the tunnel leads
   * @param connect the facts of the CONNECT
   * @param http2 whether the client may be spoken to in HTTP/2
   */
  InspectedTunnel(
      InboundHandler exchanges,
      Inspecting inspecting,
      Destination destination,
      ExchangeFacts connect,
      boolean http2) {
    this.exchanges = exchanges;
    this.inspecting = inspecting;
    this.destination = destination;
    this.connect = connect;
    this.http2 = http2;
  }

  @Override
  public void handle(InboundExchange exchange) {
    exchanges.handle(new InspectedExchange(exchange, destination, connect));
  }

  @Override
  public DirectResponse reject(ErrorCode code, String detail) {
    return exchanges.reject(code, detail);
  }

  @Override
  public boolean http2() {
    return http2;
  }

  @Override
  public void refused(Throwable reason) {
    LOG.debug("[{}] the client refused the proxy's certificate", connect.requestId(), reason);
    inspecting.refused(connect.request().host());
  }
}
