package dev.headgate.jetty.client;

import dev.headgate.api.Target;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.spi.Destination;
import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target, and the calls that wait for one when there may be no more.
 * Thread-safe.
 */
final class TargetPool {
  private final JettyClient client;
  private final Destination destination;

  // Guarded by this.
  private final IdleConnections idle = new IdleConnections();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private int open;
  private int speaksHttp1;
  private boolean retired;

  // Guarded by this; of HTTP/2.
  private final List<Http2UpstreamConnection> streaming = new ArrayList<>();
  private int opening;

  /** How many calls a connection carries at once. */
  private enum Kind {
    ONE,
    MANY,
    /** ALPN will tell: the first connection is awaited. */
    UNKNOWN
  }

  private volatile Kind kind;

  TargetPool(JettyClient client, Destination destination) {
    this.client = client;
    this.destination = destination;
    this.kind =
        switch (destination.protocol()) {
          case HTTP_2 -> Kind.MANY;
          case NEGOTIATED -> destination.target().secure() ? Kind.UNKNOWN : Kind.ONE;
          default -> Kind.ONE;
        };
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
    if (call.reachesOnly()) {
      HttpVersion spoken;
      synchronized (this) {
        spoken = retired ? null : spoken();
      }
      if (spoken != null) {
        call.reached(spoken);
        return true;
      }
    }
    if (kind != Kind.ONE) return acquireStream(call, fresh);
    while (true) {
      UpstreamConnection free;
      synchronized (this) {
        if (retired) return false;
        free = fresh ? null : idle.take(client.selectors().here());
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

  /** What open connections speak; null where there is none. */
  private @Nullable HttpVersion spoken() {
    if (!streaming.isEmpty()) return HttpVersion.HTTP_2;
    return speaksHttp1 > 0 ? HttpVersion.HTTP_1_1 : null;
  }

  /** A connection is open: those that asked for no more than that wait no longer. */
  private void tellReached(HttpVersion spoken) {
    List<Call> reached = new ArrayList<>();
    synchronized (this) {
      for (Call call : waiting) {
        if (call.reachesOnly()) reached.add(call);
      }
      waiting.removeAll(reached);
    }
    for (Call call : reached) call.reached(spoken);
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
          idle.add(connection);
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
  void closed(@Nullable PooledConnection connection) {
    if (connection instanceof Http2UpstreamConnection mute && !mute.isSettled()) {
      // An upstream that says nothing is not asked again and again.
      UpstreamFault fault = Faults.connect(new EOFException("closed before its settings"));
      for (Call call : takeExtended()) call.connectFailed(fault);
    }
    Call next;
    boolean unused;
    synchronized (this) {
      open--;
      if (connection instanceof UpstreamConnection lost) {
        speaksHttp1--;
        idle.remove(lost);
      }
      if (connection == null && opening > 0) opening--;
      next = waiting.pollFirst();
      if (next != null) {
        open++;
        if (kind != Kind.ONE) opening++;
      }
      // A forward proxy sees any number of destinations: those that nobody uses are forgotten.
      unused = open == 0 && !retired;
      retired |= unused;
    }
    if (unused) client.forget(this);
    if (next != null) next.connect(new ConnectAttempt(client, this, next));
  }

  // --- streams of HTTP/2

  /**
   * Gives a call a stream: of a connection that has room, of the one that is being opened, or of a
   * new one. A call that an old connection passed over waits in front of all others, so that it
   * gets one of the first streams of the next.
   */
  private boolean acquireStream(Call call, boolean again) {
    Http2UpstreamConnection roomy;
    boolean opens = false;
    boolean unserved;
    synchronized (this) {
      if (retired) return false;
      roomy = reserve(call);
      unserved =
          roomy == null
              && call.isExtended()
              && streaming.stream().anyMatch(Http2UpstreamConnection::lacksExtendedConnect);
      if (roomy == null && !unserved) {
        boolean awaits =
            call.isExtended() && !streaming.stream().allMatch(Http2UpstreamConnection::isSettled);
        opens = opening == 0 && !awaits && mayOpen();
        if (opens) {
          open++;
          opening++;
        } else if (again) {
          waiting.addFirst(call);
        } else {
          waiting.addLast(call);
        }
      }
    }
    if (roomy != null) {
      if (!call.assigned(roomy)) roomy.release();
    } else if (unserved) {
      call.fallBack();
    } else if (opens) {
      call.connect(new ConnectAttempt(client, this, call));
    } else if (call.isOver()) {
      leave(call);
    }
    return true;
  }

  private @Nullable Http2UpstreamConnection reserve(Call call) {
    for (int i = 0; i < streaming.size(); i++) {
      Http2UpstreamConnection connection = streaming.get(i);
      if (connection.serves(call) && connection.reserve()) return connection;
    }
    return null;
  }

  private boolean mayOpen() {
    return open < client.options().maxConnectionsPerTarget();
  }

  /** A connection of HTTP/2 was opened for a call, which has its first stream. */
  void opened(Http2UpstreamConnection connection, Call first) {
    boolean reserved;
    boolean awaits;
    synchronized (this) {
      if (opening > 0) opening--;
      kind = Kind.MANY;
      streaming.add(connection);
      // What the upstream can do is not known before its settings have come.
      awaits = first.isExtended() && !connection.isSettled();
      if (awaits) waiting.addFirst(first);
      reserved = !awaits && connection.serves(first) && connection.reserve();
    }
    if (awaits) {
      first.awaitSettings();
      if (first.isOver()) leave(first);
    } else if (!reserved) {
      first.acquireAgain();
    } else if (!first.assigned(connection)) {
      connection.release();
    }
    if (first.reachesOnly()) tellReached(HttpVersion.HTTP_2);
    roomier(connection);
  }

  /** A connection of HTTP/1.1 was opened: calls that waited to learn that open their own. */
  void opened() {
    synchronized (this) {
      speaksHttp1++;
      if (kind == Kind.ONE) return;
    }
    tellReached(HttpVersion.HTTP_1_1);
    List<Call> others = new ArrayList<>();
    synchronized (this) {
      if (opening > 0) opening--;
      kind = Kind.ONE;
      while (open < client.options().maxConnectionsPerTarget() && !waiting.isEmpty()) {
        others.add(waiting.removeFirst());
        open++;
      }
    }
    for (Call other : others) other.connect(new ConnectAttempt(client, this, other));
  }

  /** An upstream has said what it can do: calls that waited for that go on. */
  void settled(Http2UpstreamConnection connection) {
    List<Call> unserved = connection.lacksExtendedConnect() ? takeExtended() : List.of();
    for (Call call : unserved) call.fallBack();
    roomier(connection);
  }

  private synchronized List<Call> takeExtended() {
    List<Call> taken = new ArrayList<>();
    for (Call call : waiting) {
      if (call.isExtended()) taken.add(call);
    }
    waiting.removeAll(taken);
    return taken;
  }

  private @Nullable Call firstFor(Http2UpstreamConnection connection) {
    for (Call call : waiting) {
      if (connection.serves(call)) return call;
    }
    return null;
  }

  /** A connection has room for streams: calls that wait get them. */
  void roomier(Http2UpstreamConnection connection) {
    while (true) {
      Call next;
      boolean opens = false;
      synchronized (this) {
        next = firstFor(connection);
        if (next == null) return;
        boolean reserved = streaming.contains(connection) && connection.reserve();
        if (!reserved) {
          opens = opening == 0 && mayOpen();
          if (!opens) return;
          open++;
          opening++;
        }
        waiting.remove(next);
      }
      if (opens) {
        next.connect(new ConnectAttempt(client, this, next));
        return;
      }
      if (!next.assigned(connection)) connection.release();
    }
  }

  /** A connection takes no further streams. */
  synchronized void left(Http2UpstreamConnection connection) {
    streaming.remove(connection);
  }
}
