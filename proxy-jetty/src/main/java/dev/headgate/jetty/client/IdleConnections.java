package dev.headgate.jetty.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for a call, the one used last first. One that the asking thread serves
 * itself is preferred: an exchange then stays on one thread. Not thread-safe.
 */
final class IdleConnections {
  private final IdentityHashMap<ManagedSelector, Deque<UpstreamConnection>> bySelector =
      new IdentityHashMap<>(4);

  void add(UpstreamConnection connection) {
    bySelector
        .computeIfAbsent(connection.selector(), selector -> new ArrayDeque<>())
        .addLast(connection);
  }

  void remove(UpstreamConnection connection) {
    Deque<UpstreamConnection> among = bySelector.get(connection.selector());
    if (among != null) among.remove(connection);
  }

  /**
   * Takes one.
   *
   * @param here the selector whose thread this is; null elsewhere
   * @return null when there is none
   */
  @Nullable UpstreamConnection take(@Nullable ManagedSelector here) {
    Deque<UpstreamConnection> own = here == null ? null : bySelector.get(here);
    UpstreamConnection taken = own == null ? null : own.pollLast();
    if (taken != null) return taken;
    for (Deque<UpstreamConnection> others : bySelector.values()) {
      taken = others.pollLast();
      if (taken != null) return taken;
    }
    return null;
  }
}
