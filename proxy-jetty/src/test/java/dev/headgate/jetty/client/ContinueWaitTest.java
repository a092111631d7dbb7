package dev.headgate.jetty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.HostPort;
import dev.headgate.api.Target;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.Destination;
import dev.headgate.core.spi.EngineOptions;
import dev.headgate.core.spi.HeapContent;
import dev.headgate.core.spi.UpstreamListener;
import dev.headgate.core.spi.UpstreamRequest;
import dev.headgate.jetty.io.SharedSelectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing waits for 100 (Continue) once there is an answer. */
class ContinueWaitTest {
  private static final long CEILING_SECONDS = 20;
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Unused connections have a deadline, too, which is a later one. */
  private static final long SHORT_SECONDS = 10;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final QueuedThreadPool threads = new QueuedThreadPool(8);
  private final Scheduler scheduler = new ScheduledExecutorScheduler(timer);
  private final SharedSelectors selectors = new SharedSelectors(threads, scheduler, 1, 0);
  private @Nullable JettyClient client;
  private @Nullable ServerSocket origin;

  @BeforeEach
  void start() throws Exception {
    timer.setRemoveOnCancelPolicy(true);
    threads.start();
    scheduler.start();
    selectors.start();
    client =
        new JettyClient(
            new EngineOptions("test", 16, 8 << 20, 64, Duration.ofSeconds(30), 32 * 1024),
            selectors,
            Executors.newSingleThreadExecutor(),
            new ArrayByteBufferPool(),
            new SslContextFactory.Client());
    origin = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    origin.setSoTimeout((int) TimeUnit.SECONDS.toMillis(CEILING_SECONDS));
  }

  @AfterEach
  void stop() throws Exception {
    origin.close();
    client.stop();
    selectors.stop();
    threads.stop();
    timer.shutdownNow();
  }

  @Test
  void finalAnswerEndsTheWait() throws Exception {
    answers("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 401);
  }

  @Test
  void continueEndsTheWait() throws Exception {
    answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200);
  }

  @Test
  void brokenConnectionEndsTheWait() throws Exception {
    answers("", -1);
  }

  private void answers(String answer, int status) throws Exception {
    CompletableFuture<Integer> answered = new CompletableFuture<>();
    HeaderList headers = new HeaderList(1);
    headers.append("Host", "localhost");
    Target target = new Target("http", new HostPort("127.0.0.1", origin.getLocalPort()));
    client.send(
        new UpstreamRequest(
            Destination.of(target), "POST", "/", headers, new Body(), true, LONG_NANOS, LONG_NANOS),
        new Answer(answered));
    try (Socket socket = origin.accept()) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(CEILING_SECONDS));
      readHead(socket);
      // By now it waits, or will see the answer before it does.
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      if (status < 0) socket.shutdownOutput();
      assertEquals(status, answered.get(CEILING_SECONDS, TimeUnit.SECONDS));
      awaitNoShortTimer();
    }
  }

  private static void readHead(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String line = in.readLine();
    while (line != null && !line.isEmpty()) line = in.readLine();
  }

  /** The answer may be told before the wait is ended; the wait itself takes three seconds. */
  private void awaitNoShortTimer() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (hasShortTimer()) {
      assertTrue(System.nanoTime() < deadline, "something waits still");
      Thread.onSpinWait();
    }
  }

  private boolean hasShortTimer() {
    return timer.getQueue().stream()
        .anyMatch(task -> ((Delayed) task).getDelay(TimeUnit.SECONDS) < SHORT_SECONDS);
  }

  private record Answer(CompletableFuture<Integer> answered) implements UpstreamListener {
    @Override
    public void onConnected() {}

    @Override
    public void onRequestSent() {}

    @Override
    public void onInterim(int status, HeaderList headers) {}

    @Override
    public void onResponse(int status, HeaderList headers, @Nullable BodySource body) {
      answered.complete(status);
    }

    @Override
    public void onFailure(UpstreamFault fault) {
      answered.complete(-1);
    }
  }

  /** A body of three bytes that is at hand. */
  private static final class Body implements BodySource {
    @Override
    public @Nullable Content read() {
      return HeapContent.of(StandardCharsets.US_ASCII.encode("abc"), true);
    }

    @Override
    public void demand(Runnable ready) {
      ready.run();
    }

    @Override
    public void abort(Throwable reason) {}

    @Override
    public long length() {
      return 3;
    }

    @Override
    public @Nullable HeaderList trailers() {
      return null;
    }
  }
}
