package dev.headgate.plugins.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The collectors of the proxies that run with one plugin object, by session. Thread-safe. */
final class OpenSessions {
  private final Map<String, List<MetricsCollector>> bySession = new ConcurrentHashMap<>();

  void add(String sessionId, MetricsCollector collector) {
    bySession.merge(sessionId, List.of(collector), OpenSessions::joined);
  }

  void remove(String sessionId, MetricsCollector collector) {
    bySession.computeIfPresent(
        sessionId,
        (id, collectors) -> {
          List<MetricsCollector> rest = new ArrayList<>(collectors);
          rest.remove(collector);
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
  }

  /** Returns a collector of the session; of several, the one whose proxy started last. */
  Optional<MetricsCollector> find(String sessionId) {
    List<MetricsCollector> collectors = bySession.getOrDefault(sessionId, List.of());
    return collectors.isEmpty()
        ? Optional.empty()
        : Optional.of(collectors.get(collectors.size() - 1));
  }

  private static List<MetricsCollector> joined(
      List<MetricsCollector> first, List<MetricsCollector> second) {
    List<MetricsCollector> all = new ArrayList<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }
}
