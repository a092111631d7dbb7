package dev.headgate.core.exchange;

import dev.headgate.api.Timings;

/**
 * When the steps of an exchange were reached. Written by whichever thread takes the step, read at
 * the end.
 */
final class Moments {
  private static final long NOT_REACHED = -1;

  private final long start;
  private volatile long requestHooks = NOT_REACHED;
  private volatile long connected = NOT_REACHED;
  private volatile long requestSent = NOT_REACHED;
  private volatile long responseHead = NOT_REACHED;
  private volatile long firstByte = NOT_REACHED;

  Moments(long start) {
    this.start = start;
  }

  void requestHooks(long now) {
    requestHooks = now - start;
  }

  void connected(long now) {
    connected = now - start;
  }

  void requestSent(long now) {
    requestSent = now - start;
  }

  void responseHead(long now) {
    responseHead = now - start;
  }

  void firstByte(long now) {
    if (firstByte == NOT_REACHED) firstByte = now - start;
  }

  Timings timings(long now) {
    return new Timings(requestHooks, connected, requestSent, responseHead, firstByte, now - start);
  }
}
