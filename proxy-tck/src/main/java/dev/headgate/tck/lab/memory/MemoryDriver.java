package dev.headgate.tck.lab.memory;

import dev.headgate.ProxyEngine;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.tck.lab.Driver;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Scripts;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestTime;
import dev.headgate.tck.memory.MemoryClient;
import dev.headgate.tck.memory.MemoryEngine;
import dev.headgate.tck.memory.MemoryOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/** A {@link MemoryEngine}, and all that uses it. */
final class MemoryDriver implements Driver {
  private static final int ORIGIN_PORT = 8080;
  private static final String LOOPBACK = "127.0.0.1";

  private final EventLog log;
  private final ProxyEngine proxyEngine;
  private final MemoryEngine engine;
  private final Scripts scripts;
  private final List<MemoryClient> clients = new ArrayList<>();
  private final AtomicInteger hosts = new AtomicInteger();

  MemoryDriver(String name, EventLog log, Function<Consumer<MemoryEngine>, Backend> backend) {
    EngineOptions defaults = EngineOptions.defaults();
    EngineOptions options =
        new EngineOptions(
            name,
            defaults.maxThreads(),
            defaults.maxBufferBytes(),
            defaults.maxConnectionsPerTarget(),
            defaults.idleConnectionTimeout(),
            defaults.maxResponseHeadBytes());
    AtomicReference<MemoryEngine> started = new AtomicReference<>();
    this.log = log;
    this.scripts = new Scripts(name, log);
    this.proxyEngine = ProxyEngine.start(backend.apply(started::set), options);
    MemoryEngine running = started.get();
    if (running == null) throw new IllegalStateException("the backend did not use the memory one");
    this.engine = running;
  }

  @Override
  public ProxyEngine engine() {
    return proxyEngine;
  }

  @Override
  public TestOrigin origin() {
    int number = hosts.incrementAndGet();
    String host = "origin" + number + ".test";
    int port = ORIGIN_PORT + number;
    MemoryOrigin origin = engine.origin(host, port);
    engine.place(origin, LOOPBACK, port);
    return new MemoryTestOrigin(engine, origin, host + ":" + port, scripts, log);
  }

  @Override
  public Optional<TestClient> connect(URI proxy) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getPort());
    MemoryClient client;
    try {
      client = engine.connect(address);
    } catch (IllegalStateException refused) {
      log.add("client", String.valueOf(refused.getMessage()));
      return Optional.empty();
    }
    synchronized (clients) {
      clients.add(client);
    }
    return Optional.of(new MemoryTestClient(engine, client, log));
  }

  @Override
  public String refusingUrl() {
    String host = "refusing" + hosts.incrementAndGet() + ".test";
    engine.origin(host, ORIGIN_PORT).refusing();
    return "http://" + host + ":" + ORIGIN_PORT;
  }

  @Override
  public String unknownHostUrl() {
    return "http://nowhere.test:" + ORIGIN_PORT;
  }

  @Override
  public String silentUrl() {
    String host = "silent" + hosts.incrementAndGet() + ".test";
    engine.origin(host, ORIGIN_PORT).hanging();
    return "http://" + host + ":" + ORIGIN_PORT;
  }

  @Override
  public TestTime time() {
    return new TestTime() {
      @Override
      public void advance(Duration time) {
        log.add("time", "moves by " + time.toMillis() + " ms");
        engine.advance(time);
      }

      @Override
      public boolean virtual() {
        return true;
      }
    };
  }

  @Override
  public void settle() {
    engine.awaitIdle();
  }

  @Override
  public void hangUp() {
    scripts.ignoreFailures();
    List<MemoryClient> all;
    synchronized (clients) {
      all = List.copyOf(clients);
    }
    all.forEach(MemoryClient::close);
  }

  @Override
  public List<String> leaks() {
    List<String> lines = new ArrayList<>(scripts.failures());
    try {
      engine.assertNothingLeaked();
    } catch (AssertionError e) {
      lines.add(String.valueOf(e.getMessage()));
    }
    return lines;
  }

  @Override
  public void close() {
    proxyEngine.close();
  }
}
