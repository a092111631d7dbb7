package dev.headgate.tck.memory;

import dev.headgate.api.HostPort;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.UpstreamCall;
import dev.headgate.core.spi.UpstreamClient;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The upstream client: registered origins, and a pool of connections for each. */
final class MemoryUpstream implements UpstreamClient {
  private final MemoryEngine engine;
  private final EngineOptions options;
  private final Map<String, MemoryOrigin> origins = new LinkedHashMap<>();
  private final Map<String, MemoryOrigin> places = new HashMap<>();
  private final Set<UpstreamExchange> active = new LinkedHashSet<>();

  MemoryUpstream(MemoryEngine engine, EngineOptions options) {
    this.engine = engine;
    this.options = options;
  }

  MemoryOrigin origin(HostPort address) {
    return engine
        .loop()
        .get(() -> origins.computeIfAbsent(key(address), name -> new MemoryOrigin(engine, name)));
  }

  void place(MemoryOrigin origin, HostPort address) {
    engine.loop().locked(() -> places.put(key(address), origin));
  }

  @Override
  public UpstreamCall send(UpstreamRequest request, UpstreamListener listener) {
    UpstreamExchange exchange = new UpstreamExchange(engine, this, request, listener);
    engine.loop().locked(() -> active.add(exchange));
    if (engine.inlineCallbacks() && engine.loop().onDispatcher()) {
      exchange.start();
    } else {
      engine.loop().enqueue(exchange::start);
    }
    return exchange;
  }

  @Nullable MemoryOrigin find(HostPort address) {
    return origins.get(key(address));
  }

  /** Returns the first of the origins that are found at these addresses. */
  @Nullable MemoryOrigin find(List<InetSocketAddress> addresses) {
    for (InetSocketAddress address : addresses) {
      String host = address.getAddress().getHostAddress();
      MemoryOrigin found = places.get(key(new HostPort(host, address.getPort())));
      if (found != null) return found;
    }
    return null;
  }

  /**
   * Gives connections to those who wait, as far as there are any. With the lock held, as all below.
   */
  void serveWaiting(MemoryOrigin origin) {
    while (!origin.waiting.isEmpty() && available(origin)) {
      UpstreamExchange next = origin.waiting.remove();
      next.assign(connection(origin));
      engine.loop().enqueue(next::connected);
    }
  }

  boolean available(MemoryOrigin origin) {
    if (!origin.idle.isEmpty()) return true;
    return origin.mode() == MemoryOrigin.Mode.ACCEPTING
        && origin.busy.size() < options.maxConnectionsPerTarget();
  }

  UpstreamConnection connection(MemoryOrigin origin) {
    UpstreamConnection idle = origin.idle.peekLast();
    return idle != null ? idle : new UpstreamConnection(engine, origin);
  }

  void over(UpstreamExchange exchange) {
    active.remove(exchange);
  }

  EngineOptions options() {
    return options;
  }

  int busyCount() {
    return origins.values().stream().mapToInt(origin -> origin.busy.size()).sum();
  }

  int idleCount() {
    return origins.values().stream().mapToInt(origin -> origin.idle.size()).sum();
  }

  int waitingCount() {
    return origins.values().stream().mapToInt(origin -> origin.waiting.size()).sum();
  }

  /** Requests that are not over, for the report of a leak. */
  List<UpstreamExchange> activeExchanges() {
    return new ArrayList<>(active);
  }

  void closeIdle() {
    for (MemoryOrigin origin : origins.values()) {
      List.copyOf(origin.idle).forEach(UpstreamConnection::close);
    }
  }

  private static String key(HostPort address) {
    return address.toString().toLowerCase(Locale.ROOT);
  }
}
