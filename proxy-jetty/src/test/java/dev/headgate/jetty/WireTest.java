package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.Proxy;
import dev.headgate.ProxyBuilder;
import dev.headgate.ProxyEngine;
import dev.headgate.core.spi.EngineOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests over the wire share: an engine with a buffer pool that knows who holds what, an
 * origin, and proxies. After each test nothing may be left: no exchange, no buffer, no thread.
 */
abstract class WireTest {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking(0, 64 * 1024, 1024);
  ProxyEngine engine;
  ScriptedOrigin origin;

  @BeforeEach
  void startEngine() {
    engine = opened(startEngine(options()));
    origin = opened(newOrigin());
  }

  EngineOptions options() {
    return new EngineOptions(engineName(), 16, 8 << 20, 64, Duration.ofSeconds(30), 32 * 1024)
        .withIoThreads(2);
  }

  String engineName() {
    return "hg-" + getClass().getSimpleName();
  }

  SslContextFactory.Client tls() {
    return new SslContextFactory.Client();
  }

  /** How much the kernel may hold for a socket of the proxy; 0 for its own choice. */
  int socketBufferBytes() {
    return 0;
  }

  ScriptedOrigin newOrigin() {
    return new ScriptedOrigin();
  }

  ProxyEngine startEngine(EngineOptions options) {
    return ProxyEngine.start(
        new JettyBackend(chosen -> new EngineParts(buffers, tls(), socketBufferBytes())), options);
  }

  <T extends AutoCloseable> T opened(T closeable) {
    open.push(closeable);
    return closeable;
  }

  /** Starts a proxy in front of the origin. */
  Proxy proxy() {
    return proxy(builder -> builder);
  }

  Proxy proxy(UnaryOperator<ProxyBuilder> settings) {
    ProxyBuilder builder = Proxy.builder().engine(engine).grace(Duration.ofMillis(100));
    return opened(settings.apply(builder.route("/**", origin.uri())).start());
  }

  Wire client(Proxy proxy) {
    return opened(Wire.connect(proxy.port()));
  }

  static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  /** An answer behind which the upstream's connection is used no more. */
  static String okOnce(String body) {
    return ok(body).replaceFirst("\r\n", "\r\nConnection: close\r\n");
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    // The last opened first: clients, proxies, origin, engine.
    while (!open.isEmpty()) {
      AutoCloseable next = open.pop();
      if (next instanceof Proxy proxy) {
        proxy.close();
        assertEquals(0, proxy.inFlight(), "exchanges in flight");
      } else {
        next.close();
      }
    }
    assertEquals(List.of(), List.copyOf(buffers.getLeaks()), buffers::dumpLeaks);
    Threads.awaitNone(engineName());
  }
}
