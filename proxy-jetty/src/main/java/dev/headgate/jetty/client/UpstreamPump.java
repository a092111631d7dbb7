package dev.headgate.jetty.client;

import dev.headgate.core.spi.BodyPump;
import dev.headgate.core.spi.UpstreamRequest;

/**
 * Sends a request: its head with the first piece of the body where that is at hand, the rest by
 * demand. Where the request expects 100 (Continue), the body waits for it behind the head (RFC 9110
 * section 10.1.1).
 */
abstract class UpstreamPump extends BodyPump {
  final UpstreamRequest request;

  private volatile boolean mayProceed;
  private volatile boolean lastTaken;

  UpstreamPump(UpstreamRequest request) {
    this.request = request;
    this.mayProceed = !request.expectContinue();
  }

  /** The upstream said 100: the body may follow. */
  final void proceed() {
    if (allow()) goOn();
  }

  /** Lets the body follow; returns whether that is new, so that {@link #goOn} is to be called. */
  final boolean allow() {
    if (mayProceed) return false;
    mayProceed = true;
    return true;
  }

  /** Whether the body may follow the head. */
  final boolean mayProceed() {
    return mayProceed;
  }

  /** Whether nothing of the request is left to be read; its last write may be under way. */
  final boolean lastTaken() {
    return lastTaken;
  }

  /** Says whether what is written next is the last of the request. */
  final void lastTaken(boolean last) {
    lastTaken = last;
  }
}
