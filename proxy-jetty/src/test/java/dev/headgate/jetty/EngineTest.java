package dev.headgate.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.Proxy;
import dev.headgate.ProxyEngine;
import dev.headgate.StartException;
import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.Backend;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Capability;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.Engine;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Threads, timers and listeners of an engine that proxies share. */
class EngineTest extends WireTest {
  private static void exchange(Wire client, Wire upstream) {
    upstream.readHead();
    upstream.send(ok("x"));
    assertEquals("x", client.readBody(client.readHead()));
  }

  /** On a connection of its own: whether another client's is free again already is a race. */
  private void exchangeOnce(Wire client) {
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    upstream.send(okOnce("x"));
    assertEquals("x", client.readBody(client.readHead()));
    upstream.awaitEnd();
  }

  private void refused(int port) throws IOException {
    assertThrows(
        ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
  }

  @Test
  void isFoundByServiceLoader() {
    List<Backend> found = new ArrayList<>();
    ServiceLoader.load(Backend.class).forEach(found::add);
    Backend jetty = found.stream().filter(b -> b.name().equals("jetty")).findFirst().orElseThrow();
    assertTrue(jetty.capabilities().contains(Capability.SOCKETS));
  }

  @Test
  void fiftyProxiesNeedNoThreadsOfTheirOwn() {
    List<Proxy> proxies = new ArrayList<>();
    for (int i = 0; i < 50; i++) proxies.add(proxy());
    for (Proxy proxy : proxies) exchangeOnce(client(proxy));
    Set<String> threads = Threads.named(engineName());
    assertTrue(threads.size() < proxies.size() / 2, threads::toString);
  }

  @Test
  void oneProxyStopsAndTheOthersGoOn() throws IOException {
    Proxy stopped = proxy();
    Proxy other = proxy();
    int port = stopped.port();
    Wire idle = client(stopped);
    exchangeOnce(idle);
    stopped.close();
    assertEquals("", idle.readAll());
    refused(port);
    exchangeOnce(client(other));
  }

  @Test
  void portIsFreeAfterTheStop() throws IOException {
    for (int i = 0; i < 20; i++) {
      Proxy proxy = proxy();
      int port = proxy.port();
      Wire client = client(proxy);
      client.send(get("/"));
      proxy.stop(Duration.ZERO);
      refused(port);
      try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertEquals(port, again.getLocalPort());
      }
    }
  }

  @Test
  void portInUseLeavesNothingBehind() throws IOException {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThrows(StartException.class, () -> proxy(b -> b.port(used.getLocalPort())));
    }
  }

  @Test
  void startAndStopLeaveNoThreads() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      EngineOptions options =
          new EngineOptions("hg-again", 8, 1 << 20, 8, Duration.ofSeconds(5), 8192);
      ProxyEngine other = ProxyEngine.start(new JettyBackend(), options);
      try (Proxy proxy =
          Proxy.builder().engine(other).grace(Duration.ZERO).route("/**", origin.uri()).start()) {
        Wire client = client(proxy);
        client.send(get("/"));
        exchange(client, origin.accept());
        CountDownLatch ran = new CountDownLatch(1);
        try {
          Engine engine = new JettyBackend().start(options);
          engine.blockingExecutor().execute(ran::countDown);
          assertTrue(ran.await(20, TimeUnit.SECONDS));
          engine.close();
          engine.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
      other.close();
      other.close();
      Threads.awaitNone("hg-again");
    }
  }

  @Test
  void engineThatClosesBreaksOffWhatIsUnderWay() throws InterruptedException {
    Proxy proxy = proxy();
    Wire client = client(proxy);
    client.send(get("/"));
    Wire upstream = origin.accept();
    upstream.readHead();
    engine.close();
    upstream.awaitEnd();
    client.awaitEnd();
    Threads.awaitNone(engineName());
  }

  /** Tells of a call, as tests want to know. */
  private record Told(Runnable reached, CompletableFuture<Integer> status)
      implements UpstreamListener {
    @Override
    public void onConnected() {}

    @Override
    public void onRequestSent() {}

    @Override
    public void onInterim(int interim, HeaderList headers) {}

    @Override
    public void onReached(HttpVersion version) {
      reached.run();
    }

    @Override
    public void onResponse(int answered, HeaderList headers, BodySource body) {
      status.complete(answered);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      status.completeExceptionally(new AssertionError(fault.detail()));
    }
  }

  private UpstreamRequest request(String method) {
    HostPort address = new HostPort("127.0.0.1", origin.port());
    Destination destination =
        new Destination(new Target("http", address), Destination.Protocol.HTTP_1_1, null);
    long wait = TimeUnit.SECONDS.toNanos(20);
    return new UpstreamRequest(
        destination, method, "/x", new HeaderList(), null, false, wait, wait);
  }

  @Test
  void connectionThatProvedTheUpstreamIsThereWhenThatIsTold() throws Exception {
    Engine other = new JettyBackend().start(options());
    try {
      CompletableFuture<Integer> status = new CompletableFuture<>();
      Told answered = new Told(() -> {}, status);
      Runnable asks = () -> other.upstream().send(request("GET"), answered);
      other.upstream().send(request("CONNECT"), new Told(asks, status));
      Wire upstream = origin.accept();
      assertEquals("GET /x HTTP/1.1", upstream.readHead().line());
      upstream.send("HTTP/1.1 204 No Content\r\n\r\n");
      assertEquals(204, status.get(20, TimeUnit.SECONDS));
    } finally {
      other.close();
    }
  }

  @Test
  void timersFireInTimeAndCanBeCancelled() throws Exception {
    EngineOptions options =
        new EngineOptions("hg-timer", 8, 1 << 20, 8, Duration.ofSeconds(5), 8192);
    Engine other = new JettyBackend().start(options);
    try {
      CompletableFuture<Long> fired = new CompletableFuture<>();
      CompletableFuture<Void> never = new CompletableFuture<>();
      long start = other.nanoTime();
      // Far enough off that nothing keeps this thread from cancelling it in time.
      other.schedule(1_000_000_000, () -> never.complete(null)).cancel();
      other.schedule(1_100_000_000, () -> fired.complete(other.nanoTime() - start));
      assertTrue(fired.get(20, TimeUnit.SECONDS) >= 1_100_000_000);
      assertFalse(never.isDone());
      Thread here = Thread.currentThread();
      CompletableFuture<Boolean> elsewhere = new CompletableFuture<>();
      other.schedule(0, () -> elsewhere.complete(Thread.currentThread() != here));
      assertTrue(elsewhere.get(20, TimeUnit.SECONDS));
      CompletableFuture<String> name = new CompletableFuture<>();
      other.blockingExecutor().execute(() -> name.complete(Thread.currentThread().getName()));
      assertTrue(name.get(20, TimeUnit.SECONDS).startsWith("hg-timer-blocking-"));
    } finally {
      other.close();
    }
    // Neither throws nor runs.
    other.schedule(1, () -> {});
  }
}
