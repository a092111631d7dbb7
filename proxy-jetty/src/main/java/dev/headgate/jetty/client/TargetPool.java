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
  private boolean retired;

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
   * @return false when the pool is of no use any more: take the new one for the destination
   */
  boolean acquire(Call call, boolean fresh) {
    while (true) {
      UpstreamConnection free;
      synchronized (this) {
        if (retired) return false;
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
        return true;
      }
      switch (call.assigned(free)) {
        case TAKEN -> {
          return true;
        }
        case UNWANTED -> {
          release(free);
          return true;
        }
        case DEAD -> {}
      }
    }
    if (call.isOver()) leave(call);
    return true;
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
          next.acquireAgain();
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
    boolean unused;
    synchronized (this) {
      open--;
      if (connection != null) idle.remove(connection);
      next = waiting.pollFirst();
      if (next != null) open++;
      // A forward proxy sees any number of destinations: those that nobody uses are forgotten.
      unused = open == 0 && !retired;
      retired |= unused;
    }
    if (unused) client.forget(this);
    if (next != null) next.connect(new ConnectAttempt(client, this, next));
  }
}
