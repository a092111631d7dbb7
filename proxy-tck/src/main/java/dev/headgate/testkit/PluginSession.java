package dev.headgate.testkit;

import dev.headgate.Proxy;
import dev.headgate.ProxyEngine;
import dev.headgate.core.registry.PluginStatus;
import dev.headgate.tck.lab.Waits;
import dev.headgate.tck.memory.MemoryCall;
import dev.headgate.tck.memory.MemoryClient;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryOrigin;
import dev.headgate.tck.memory.MemoryRequest;
import dev.headgate.tck.memory.OriginExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A proxy that runs a plugin under test, for several requests. For one thread. */
public final class PluginSession implements AutoCloseable {
  static final String HOST = "upstream.test";
  static final int PORT = 8080;
  static final String UPSTREAM = HOST + ":" + PORT;

  private final ProxyEngine shared;
  private final MemoryEngine engine;
  private final Proxy proxy;
  private final String pluginId;
  private boolean closed;

  PluginSession(ProxyEngine shared, MemoryEngine engine, Proxy proxy, String pluginId) {
    this.shared = shared;
    this.engine = engine;
    this.proxy = proxy;
    this.pluginId = pluginId;
  }

  /**
   * Begins a request.
   *
   * @param method the method
   * @param target path and query
   * @return the request, to be completed and run
   */
  public HarnessRequest request(String method, String target) {
    return new HarnessRequest(method, target, this::run);
  }

  /**
   * Lets time pass, and what is due be done, blocking work included.
   *
   * @param time how long, by the proxy's clock
   */
  public void advance(Duration time) {
    engine.advanceThroughBlocking(time);
  }

  /**
   * Returns the proxy.
   *
   * @return the running proxy
   */
  public Proxy proxy() {
    return proxy;
  }

  /**
   * Returns what is known of the plugin.
   *
   * @return its status now
   */
  public PluginStatus plugin() {
    return proxy.plugins().list().stream()
        .filter(status -> status.metadata().id().equals(pluginId))
        .findFirst()
        .orElseThrow();
  }

  HarnessResult run(HarnessRequest request) {
    AtomicReference<@Nullable OriginExchange> seen = new AtomicReference<>();
    MemoryOrigin origin = engine.origin(HOST, PORT);
    origin.script(
        exchange -> {
          seen.set(exchange);
          request.answer(exchange);
        });
    if (request.upstream == HarnessRequest.Upstream.REFUSES) {
      origin.closeIdleConnections();
      origin.refusing();
    } else {
      origin.accepting();
    }
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
    try (MemoryClient client = engine.connect(address)) {
      MemoryCall call = send(client, request);
      finish(call, request);
      return new HarnessResult(request(seen.get()), call, plugin(), engine.events());
    } finally {
      Waits.until("the exchange is over", () -> proxy.inFlight() == 0);
    }
  }

  private MemoryCall send(MemoryClient client, HarnessRequest request) {
    MemoryRequest head = client.request(request.method, request.target);
    for (int i = 0; i < request.fields.size(); i += 2) {
      head.header(request.fields.get(i), request.fields.get(i + 1));
    }
    if (request.hasBody()) head.withBody();
    if (request.lengthKnown) {
      head.header("Content-Length", Integer.toString(request.pieces.get(0).length));
    }
    AtomicReference<MemoryCall> call = new AtomicReference<>();
    engine.together(
        () -> {
          MemoryCall opened = head.open();
          if (request.vanishesAfter != null) opened.response().pause();
          if (request.hasBody()) {
            request.pieces.forEach(opened.body()::send);
            opened.body().end();
          }
          call.set(opened);
        });
    return Objects.requireNonNull(call.get());
  }

  private void finish(MemoryCall call, HarnessRequest request) {
    Integer bytes = request.vanishesAfter;
    if (request.vanishesWaiting) {
      engine.awaitIdle();
      call.abort();
    } else if (bytes != null) {
      call.response().allowHeads();
      call.awaitHead();
      call.response().allow(bytes);
      call.response().awaitBytesOrEnd(bytes);
      call.abort();
    }
    if (!request.time.isZero()) advance(request.time);
    boolean answered = request.upstream != HarnessRequest.Upstream.IS_SILENT;
    if (answered) call.response().awaitEnd();
    engine.awaitIdle();
  }

  private static @Nullable SeenRequest request(@Nullable OriginExchange exchange) {
    if (exchange == null) return null;
    return new SeenRequest(
        exchange.method(),
        exchange.target(),
        exchange.headers(),
        exchange.body().bytes(),
        exchange.body().ending());
  }

  /**
   * Stops proxy and plugin.
   *
   * @throws AssertionError if something was left behind
   */
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    try {
      Waits.on("the proxy has stopped", proxy.stopAsync(Duration.ZERO).toCompletableFuture());
      engine.assertNothingLeaked();
    } finally {
      shared.close();
    }
  }
}
