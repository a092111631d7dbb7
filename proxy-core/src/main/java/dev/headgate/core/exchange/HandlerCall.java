package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.chain.Link;
import dev.headgate.core.context.CallContext;

/** Step 5 for a route with a handler: it is called like a plugin behind all plugins. */
final class HandlerCall {
  private HandlerCall() {}

  static RequestHooks hooks(
      Exchange exchange, RequestFlow flow, CallContext context, Link handler) {
    Link[] links = {handler};
    return new RequestHooks(exchange, flow, context, links, CallContext.Writes.NOTHING) {
      @Override
      void completed() {
        exchange.fail(
            new ProxyFault(ErrorCode.INTERNAL, Phase.ROUTE, "The route's handler did not answer."));
      }
    };
  }
}
