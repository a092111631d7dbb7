package dev.headgate.core.route;

import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;

/** Answers the requests of a route, in place of an upstream. */
@FunctionalInterface
public interface RouteHandler {
  /**
   * Answers a request. Called on the thread of the exchange, for several exchanges at the same
   * time, after the plugins' {@code onRequest}; must not block. What it throws is answered with
   * 500.
   *
   * @param context the exchange; its head is for reading only
   * @return {@code respond} or {@code fail}, or a {@code later} or {@code withBody} that ends in
   *     one of them; any kind of {@code proceed} is a fault, as there is nothing behind a handler
   *     to go on to
   * @throws Exception if it can't answer
   */
  RequestDecision handle(ProxyContext context) throws Exception;
}
