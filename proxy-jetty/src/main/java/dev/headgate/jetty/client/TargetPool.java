package dev.headgate.jetty.client;

import dev.headgate.api.Target;
import dev.headgate.core.spi.Destination;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target, and the calls that wait for one when there may be no more.
 * Thread-safe.
 */
final class TargetPool {
  private final Http1Client client;
  private final Destination destination;

  // Guarded by this.
  private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private int open;

  TargetPool(Http1Client client, Destination destination) {
    this.client = client;
    this.destination = destination;
  }

  Destination destination() {
    return destination;
  }

  Target target() {
    return destination.target();
  }

  /**
   * Gives a call a connection: the one used last, a new one, or the next that gets free.
   *
   * @param call told when it has one
   * @param fresh whether it must be a new one, as others may have been closed by the upstream
   */
  void acquire(Call call, boolean fresh) {
    while (true) {
      UpstreamConnection free;
      synchronized (this) {
        free = fresh ? null : idle.pollLast();
        if (free == null) {
          if (open >= client.options().maxConnectionsPerTarget()) {
            waiting.addLast(call);
            break;
          }
          open++;
        }
      }
      if (free == null) {
        call.connect(new ConnectAttempt(client, this, call));
        return;
      }
      switch (call.assigned(free)) {
        case TAKEN -> {
          return;
        }
        case UNWANTED -> {
          release(free);
          return;
        }
        case DEAD -> {}
      }
    }
    if (call.isOver()) leave(call);
  }

  /** A call waits no longer. */
  synchronized void leave(Call call) {
    waiting.remove(call);
  }

  /** A connection is free. */
  void release(UpstreamConnection connection) {
    while (true) {
      Call next;
      synchronized (this) {
        next = waiting.pollFirst();
        if (next == null) {
          idle.addLast(connection);
          break;
        }
      }
      switch (next.assigned(connection)) {
        case TAKEN -> {
          return;
        }
        case UNWANTED -> {}
        case DEAD -> {
          acquire(next, false);
          return;
        }
      }
    }
    if (connection.isClosed()) forget(connection);
  }

  private synchronized void forget(UpstreamConnection connection) {
    idle.remove(connection);
  }

  /** A connection was closed, or could not be opened: there is room for another. */
  void closed(@Nullable UpstreamConnection connection) {
    Call next;
    synchronized (this) {
      open--;
      if (connection != null) idle.remove(connection);
      next = waiting.pollFirst();
      if (next != null) open++;
    }
    if (next != null) next.connect(new ConnectAttempt(client, this, next));
  }
}
