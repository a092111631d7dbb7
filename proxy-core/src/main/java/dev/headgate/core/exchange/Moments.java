package dev.headgate.core.exchange;

import dev.headgate.api.Timings;
import dev.headgate.core.spi.Engine;
import org.jspecify.annotations.Nullable;

/**
 * When the steps of an exchange were reached. Written by whichever thread takes the step, read at
 * the end. Where no plugin hears of the end, the clock is not even read.
 */
final class Moments {
  /** For exchanges whose end nobody hears of. */
  static final Moments UNHEARD = new Moments();

  private static final long NOT_REACHED = -1;

  private final @Nullable Engine engine;
  private final long start;
  private volatile long requestHooks = NOT_REACHED;
  private volatile long connected = NOT_REACHED;
  private volatile long requestSent = NOT_REACHED;
  private volatile long responseHead = NOT_REACHED;
  private volatile long firstByte = NOT_REACHED;

  private Moments() {
    this.engine = null;
    this.start = 0;
  }

  Moments(Engine engine) {
    this.engine = engine;
    this.start = engine.nanoTime();
  }

  void requestHooks() {
    if (engine != null) requestHooks = engine.nanoTime() - start;
  }

  void connected() {
    if (engine != null) connected = engine.nanoTime() - start;
  }

  void requestSent() {
    if (engine != null) requestSent = engine.nanoTime() - start;
  }

  void responseHead() {
    if (engine != null) responseHead = engine.nanoTime() - start;
  }

  void firstByte() {
    if (engine != null && firstByte == NOT_REACHED) firstByte = engine.nanoTime() - start;
  }

  Timings timings() {
    long whole = engine == null ? NOT_REACHED : engine.nanoTime() - start;
    return new Timings(requestHooks, connected, requestSent, responseHead, firstByte, whole);
  }
}
