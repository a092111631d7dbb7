package dev.headgate.tck.memory;

import dev.headgate.core.spi.Engine;
import java.time.Duration;

/** A connection to an origin. State is guarded by the engine's lock. */
final class UpstreamConnection {
  private final MemoryEngine engine;
  private final MemoryOrigin origin;
  private final String who;
  private Engine.Timer idleTimer = () -> {};
  private boolean open = true;
  private int requests;

  UpstreamConnection(MemoryEngine engine, MemoryOrigin origin) {
    this.engine = engine;
    this.origin = origin;
    this.who = origin.name() + "#" + origin.nextConnection();
    engine.record(who, "connected");
  }

  /** Begins to serve a request; returns a name for it. */
  String use() {
    idleTimer.cancel();
    origin.idle.remove(this);
    origin.busy.add(this);
    return who + "." + ++requests;
  }

  /** Back to the pool. */
  void giveBack(Duration idleTimeout) {
    if (!origin.busy.remove(this)) return;
    origin.countReturned();
    origin.idle.add(this);
    idleTimer = engine.internalTimer(idleTimeout, this::close);
    engine.record(who, "returned to the pool");
    engine.memoryUpstream().serveWaiting(origin);
  }

  /** Closes it; when it serves a request, that one was aborted. */
  void close() {
    if (!open) return;
    open = false;
    idleTimer.cancel();
    origin.idle.remove(this);
    boolean inUse = origin.busy.remove(this);
    if (inUse) origin.countAborted();
    engine.record(who, inUse ? "closed in use" : "closed idle");
    if (inUse) engine.memoryUpstream().serveWaiting(origin);
  }
}
