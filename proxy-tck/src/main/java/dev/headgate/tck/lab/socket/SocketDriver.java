package dev.headgate.tck.lab.socket;

import dev.headgate.ProxyEngine;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.tck.lab.Driver;
import dev.headgate.tck.lab.EventLog;
import dev.headgate.tck.lab.Scripts;
import dev.headgate.tck.lab.TestClient;
import dev.headgate.tck.lab.TestOrigin;
import dev.headgate.tck.lab.TestTime;
import dev.headgate.tck.lab.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** An engine under test, and the sockets that use it. */
final class SocketDriver implements Driver {
  private final SocketEnvironment environment;
  private final String name;
  private final EventLog log;
  private final Scripts scripts;
  private final ProxyEngine proxyEngine;
  private final Engine engine;
  private final List<Connection> clients = new ArrayList<>();
  private final List<SocketTestOrigin> origins = new ArrayList<>();
  private final List<Socket> refusing = new ArrayList<>();

  SocketDriver(SocketEnvironment environment, Backend backend, String name, EventLog log) {
    this.environment = environment;
    this.name = name;
    this.log = log;
    this.scripts = new Scripts("lab-of-" + name, log);
    EngineOptions defaults = EngineOptions.defaults();
    Watched watched = new Watched(backend);
    this.proxyEngine =
        ProxyEngine.start(
            watched,
            new EngineOptions(
                    name,
                    defaults.maxThreads(),
                    defaults.maxBufferBytes(),
                    defaults.maxConnectionsPerTarget(),
                    defaults.idleConnectionTimeout(),
                    defaults.maxResponseHeadBytes())
                .withIoThreads(2)); // else a small machine would show nothing of what they share
    Engine started = watched.engine;
    if (started == null) throw new IllegalStateException("no engine was started");
    this.engine = started;
  }

  /** Keeps the engine that is started. */
  private static final class Watched implements Backend {
    private final Backend backend;
    @Nullable Engine engine;

    Watched(Backend backend) {
      this.backend = backend;
    }

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Set<Capability> capabilities() {
      return backend.capabilities();
    }

    @Override
    public Engine start(EngineOptions options) throws Exception {
      Engine started = backend.start(options);
      engine = started;
      return started;
    }
  }

  @Override
  public ProxyEngine engine() {
    return proxyEngine;
  }

  @Override
  public TestOrigin origin() {
    try {
      synchronized (origins) {
        String who = "lab-of-" + name + "-origin" + (origins.size() + 1);
        SocketTestOrigin origin = new SocketTestOrigin(who, scripts, log);
        origins.add(origin);
        return origin;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<TestClient> connect(URI proxy) {
    try {
      synchronized (clients) {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, Connection.SOCKET_BUFFER_BYTES);
        channel.connect(new InetSocketAddress(proxy.getHost(), proxy.getPort()));
        Connection connection = new Connection(channel, "client" + (clients.size() + 1));
        clients.add(connection);
        return Optional.of(new SocketTestClient(connection, proxy.getAuthority(), log));
      }
    } catch (SocketException refused) {
      // Also one that the kernel had taken, and reset when the listener closed.
      log.add("client", "refused: " + refused.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String refusingUrl() {
    try {
      // Bound, so that nobody else gets the port, but not listening.
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      synchronized (refusing) {
        refusing.add(socket);
      }
      return "http://127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String unknownHostUrl() {
    return "http://nowhere.invalid:8080";
  }

  @Override
  public String silentUrl() {
    throw new TestAbortedException("not supported: an address that neither accepts nor refuses");
  }

  @Override
  public TestTime time() {
    return new TestTime() {
      @Override
      public void advance(Duration time) {
        CountDownLatch passed = new CountDownLatch(1);
        engine.schedule(time.toNanos(), passed::countDown);
        Waits.on(time.toMillis() + " ms have passed", passed);
      }

      @Override
      public boolean virtual() {
        return false;
      }
    };
  }

  @Override
  public void settle() {}

  @Override
  public void hangUp() {
    scripts.ignoreFailures();
    List<Connection> all;
    synchronized (clients) {
      all = List.copyOf(clients);
    }
    all.forEach(Connection::reset);
    allOrigins().forEach(SocketTestOrigin::hangUp);
  }

  private List<SocketTestOrigin> allOrigins() {
    synchronized (origins) {
      return List.copyOf(origins);
    }
  }

  @Override
  public List<String> leaks() {
    List<String> lines = new ArrayList<>(scripts.failures());
    lines.addAll(environment.leaks(engine));
    return lines;
  }

  @Override
  public void close() {
    try {
      proxyEngine.close();
      Waits.until("the engine's threads have ended: " + threads(), () -> threads().isEmpty());
    } finally {
      allOrigins().forEach(SocketTestOrigin::close);
      closeRefusing();
    }
  }

  private void closeRefusing() {
    try {
      synchronized (refusing) {
        for (Socket socket : refusing) socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The living threads that carry the engine's name. */
  private Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(each -> each.equals(name) || each.startsWith(name + "-"))
        .collect(Collectors.toSet());
  }
}
